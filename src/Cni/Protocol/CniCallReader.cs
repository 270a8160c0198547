using Margay.Linux.Route;

namespace Margay.Cni.Protocol;

/// <summary>Checks environment and configuration of a call together, and says what is wrong with the first fault.</summary>
public static class CniCallReader
{
    // The id becomes part of file names, which end at 255 bytes.
    private const int MaxContainerId = 200;

    // IFNAMSIZ of linux/if.h is 16 with the terminating zero.
    private const int MaxInterfaceName = 15;

    /// <summary>Reads a call.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="call">The call when there is no error.</param>
    /// <returns>What is wrong, or null.</returns>
    public static CniError? TryRead(CniEnvironment environment, CniNetworkConfig config, out CniCall? call)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(config);
        call = null;
        if (!CniVerbs.TryParse(environment.Command, out var verb))
            return new CniError(CniErrorCode.InvalidEnvironment, $"CNI_COMMAND is '{environment.Command}'.", "It is one of ADD, DEL, CHECK, VERSION, GC, STATUS.");
        if (CheckVersion(verb, config, out var version) is { } wrongVersion) return wrongVersion;
        var wrong = CheckAttachment(verb, environment) ?? CheckConfig(verb, config);
        if (!CniArgs.TryParse(environment.Args, out var args))
            wrong ??= new CniError(CniErrorCode.InvalidEnvironment, $"CNI_ARGS is '{environment.Args}'.", "It is a list KEY=value;KEY=value.");
        if (wrong is not null) return wrong with { CniVersion = version.ToString() };
        call = new CniCall
        {
            Verb = verb,
            Version = version,
            ContainerId = environment.ContainerId,
            NetNs = environment.NetNs,
            IfName = environment.IfName,
            Args = args,
            Pod = CniArgs.Pod(args),
            Config = config,
        };
        return null;
    }

    private static CniError? CheckVersion(CniVerb verb, CniNetworkConfig config, out CniVersion version)
    {
        version = CniVersion.Unnamed;
        if (config.CniVersion is { Length: > 0 } text && !CniVersion.TryParse(text, out version) || !version.IsSupported)
            return new CniError(CniErrorCode.IncompatibleVersion, $"CNI version '{config.CniVersion}' is not supported.",
                $"Set cniVersion to one of {string.Join(", ", CniVersion.Supported)}.");
        if (verb == CniVerb.Check && !version.HasCheck || verb is CniVerb.Gc or CniVerb.Status && !version.HasGcAndStatus)
            return new CniError(CniErrorCode.IncompatibleVersion, $"CNI version {version} has no {verb.ToWord()}.", "Raise cniVersion in the configuration.")
                { CniVersion = version.ToString() };
        return null;
    }

    private static CniError? CheckAttachment(CniVerb verb, CniEnvironment environment)
    {
        if (!verb.IsAboutAttachment()) return null;
        if (!IsContainerId(environment.ContainerId))
            return new CniError(CniErrorCode.InvalidEnvironment, $"CNI_CONTAINERID is '{environment.ContainerId}'.",
                $"It starts with a letter or digit, goes on with letters, digits, '_', '.', '-', and has at most {MaxContainerId} characters.");
        if (!IsInterfaceName(environment.IfName))
            return new CniError(CniErrorCode.InvalidEnvironment, $"CNI_IFNAME is '{environment.IfName}'.",
                $"It has 1 to {MaxInterfaceName} bytes, is not '.' or '..', and has no '/', ':' or space.");
        if (environment.NetNs.Length == 0 && verb != CniVerb.Del)
            return new CniError(CniErrorCode.InvalidEnvironment, "CNI_NETNS is missing.", $"{verb.ToWord()} needs the path of the container's network namespace.");
        return null;
    }

    private static CniError? CheckConfig(CniVerb verb, CniNetworkConfig config)
    {
        if (string.IsNullOrEmpty(config.Name))
            return new CniError(CniErrorCode.InvalidNetworkConfig, "The network configuration has no name.", "Set 'name'.");
        if (config.Mtu is not 0 and (< 68 or > 65535))
            return new CniError(CniErrorCode.InvalidNetworkConfig, $"mtu is {config.Mtu}.", "It is 0 for automatic, or 68 (RFC 791) to 65535 bytes; 1280 at least for IPv6 (RFC 8200).");
        if (config.RuntimeConfig?.Mac is { Length: > 0 } mac && !(MacAddress.TryParse(mac, out var address) && address.IsUnicast))
            return new CniError(CniErrorCode.InvalidNetworkConfig, $"runtimeConfig.mac is '{mac}'.", "It is six pairs of hexadecimal digits with colons, and not a multicast address.");
        if (verb == CniVerb.Check && config.PrevResult is null)
            return new CniError(CniErrorCode.InvalidNetworkConfig, "CHECK needs prevResult.", "The runtime passes what ADD answered.");
        if (verb == CniVerb.Add && config.PrevResult is not null)
            return new CniError(CniErrorCode.InvalidNetworkConfig, "Another plugin comes before this one.", $"Put '{config.Type}' first in the list of plugins.");
        if (verb == CniVerb.Gc && config.ValidAttachments is null && config.Attachments is null)
            return new CniError(CniErrorCode.InvalidNetworkConfig, "GC needs cni.dev/valid-attachments.", "Without the list everything would be removed.");
        return null;
    }

    private static bool IsContainerId(string id)
    {
        if (id.Length is 0 or > MaxContainerId || !char.IsAsciiLetterOrDigit(id[0])) return false;
        foreach (char c in id)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')) return false;
        return true;
    }

    private static bool IsInterfaceName(string name)
    {
        if (name is "" or "." or ".." || System.Text.Encoding.UTF8.GetByteCount(name) > MaxInterfaceName) return false;
        foreach (char c in name)
            if (c is '/' or ':' || char.IsWhiteSpace(c) || char.IsControl(c)) return false;
        return true;
    }
}
