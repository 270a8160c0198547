using System.Diagnostics;
using System.Text.Json;
using Margay.Cni.Protocol;
using Margay.Cni.Wire;
using Margay.Linux.Syscalls;

namespace Margay.Cni.Plugin;

/// <summary>
/// The CNI plugin, without a process around it: reads the call, hands it to the node service, prints what that says.
/// It holds no credentials, no policy and no address; DEL alone it can do without the service.
/// </summary>
public sealed class CniPlugin
{
    private readonly ILoneUnwiring _unwiring;

    /// <summary>The plugin on this kernel.</summary>
    public CniPlugin()
        : this(new LoneUnwiring())
    {
    }

    internal CniPlugin(ILoneUnwiring unwiring) => _unwiring = unwiring;

    /// <summary>Serves one call.</summary>
    /// <param name="variable">Looks up an environment variable.</param>
    /// <param name="input">The network configuration.</param>
    /// <param name="output">Takes one JSON document, or nothing for verbs that succeed silently.</param>
    /// <returns>The exit code: 0 or 1.</returns>
    public int Run(Func<string, string?> variable, Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var environment = CniEnvironment.From(variable);
        byte[] document = ReadAll(input);
        long began = Stopwatch.GetTimestamp();
        if (DirectCall.TryServe(environment, document, output) is { } served) return served;
        using var answer = new MemoryStream();
        int exit = Serve(environment, document, began, answer, out var config);
        PluginLog.Append(config, environment, exit, answer.GetBuffer().AsSpan(0, (int)answer.Length));
        answer.WriteTo(output);
        return exit;
    }

    private int Serve(CniEnvironment environment, byte[] document, long began, Stream output, out CniNetworkConfig config)
    {
        config = new CniNetworkConfig();
        if (environment.Command == CniVerb.Version.ToWord()) return AnswerVersion(document, output);
        if (CniNetworkConfig.TryRead(document, out config) is { } unreadable) return Fail(unreadable, output);
        if (CniCallReader.TryRead(environment, config, out var call) is { } wrong) return Fail(wrong, output);

        byte[] request = JsonSerializer.SerializeToUtf8Bytes(
            new CniWireRequest { Environment = environment, Config = JsonElement.Parse(document) }, CniWireJson.Default.CniWireRequest);
        var paths = CniPaths.Of(config);
        var answer = new NodeService(paths.Socket).Ask(request, began, PatienceFor(call!), out var response, out string cause);
        if (answer == ServiceAnswer.Answered) return Print(response!, output);
        return call!.Verb == CniVerb.Del ? DeleteAlone(call, paths, request, output) : Fail(Unserved(call, answer, cause), output);
    }

    // The runtime's own limit for a sandbox is minutes; kubelet tries again after a failure, at growing intervals, so
    // that waiting through a restart of the service is kinder than failing.
    private static ServicePatience PatienceFor(CniCall call) => call.Verb switch
    {
        CniVerb.Add => new(TimeSpan.FromSeconds(call.Config.TimeoutSeconds > 0 ? call.Config.TimeoutSeconds : 60), TimeSpan.FromSeconds(5)),
        CniVerb.Del => new(TimeSpan.FromSeconds(20), TimeSpan.Zero),
        CniVerb.Gc => new(TimeSpan.FromSeconds(60), TimeSpan.Zero),
        _ => new(TimeSpan.FromSeconds(10), TimeSpan.Zero),
    };

    private int DeleteAlone(CniCall call, CniPaths paths, byte[] request, Stream output)
    {
        try
        {
            // First the note: whatever happens next, the address is given back.
            new Tombstones(paths.Tombstones).Write(call.ContainerId, call.IfName, request);
            _unwiring.Remove(call.ContainerId, call.IfName);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(Versioned(call, new CniError(CniErrorCode.Io, $"The node service is away, and {paths.Tombstones} cannot take a note about the container.", e.Message)), output);
        }
        catch (LinuxException e)
        {
            return Fail(Versioned(call, new CniError(CniErrorCode.Wiring, "The node service is away, and the host interface could not be removed.", e.Message)), output);
        }
    }

    private static CniError Unserved(CniCall call, ServiceAnswer answer, string cause)
    {
        const string Hint = "Is margay-node running on this node, and is 'socket' in the network configuration its socket?";
        string state = answer == ServiceAnswer.Away ? "is away" : "did not answer in time";
        int code = call.Verb == CniVerb.Status ? CniErrorCode.PluginNotAvailable : CniErrorCode.TryAgainLater;
        return Versioned(call, new CniError(code, $"The node service {state}.", $"{cause}. {Hint}"));
    }

    private static CniError Versioned(CniCall call, CniError error) => error with { CniVersion = call.Version.ToString() };

    private static int AnswerVersion(byte[] document, Stream output)
    {
        // The specification wants the asked version back; runtimes also ask with nothing at all.
        bool asked = CniNetworkConfig.TryRead(document, out var config) is null && !string.IsNullOrEmpty(config.CniVersion);
        var info = new CniVersionInfo(asked ? config.CniVersion! : CniVersion.Newest.ToString(), [.. CniVersion.Supported.Select(v => v.ToString())]);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(info, CniJson.Readable.CniVersionInfo));
        return 0;
    }

    private static int Print(CniWireResponse response, Stream output)
    {
        if (response.Output is { } answer) JsonSerializer.Serialize(output, answer, CniJson.Readable.JsonElement);
        return response.Failed ? 1 : 0;
    }

    private static int Fail(CniError error, Stream output)
    {
        JsonSerializer.Serialize(output, error, CniJson.Readable.CniError);
        return 1;
    }

    private static byte[] ReadAll(Stream input)
    {
        // A configuration is a few hundred bytes: read at one go, and once more to see the end.
        byte[] buffer = new byte[4096];
        int length = 0;
        while (input.Read(buffer, length, buffer.Length - length) is > 0 and var got)
        {
            length += got;
            if (length == buffer.Length) Array.Resize(ref buffer, 2 * length);
        }
        return buffer[..length];
    }
}
