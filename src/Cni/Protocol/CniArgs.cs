namespace Margay.Cni.Protocol;

/// <summary>The pod that a container belongs to, from <c>CNI_ARGS</c>.</summary>
/// <param name="Namespace">K8S_POD_NAMESPACE.</param>
/// <param name="Name">K8S_POD_NAME.</param>
/// <param name="Uid">K8S_POD_UID; empty when the runtime does not say it.</param>
public sealed record CniPod(string Namespace, string Name, string Uid)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>Reads <c>CNI_ARGS</c>: "KEY=value;KEY=value". Keys that we do not know are ignored.</summary>
public static class CniArgs
{
    /// <summary>Splits the text. A part without "=" is an error.</summary>
    public static bool TryParse(string text, out Dictionary<string, string> args)
    {
        ArgumentNullException.ThrowIfNull(text);
        args = new(StringComparer.Ordinal);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return false;
            args[part[..equals]] = part[(equals + 1)..];
        }
        return true;
    }

    /// <summary>The pod, or null for a container that is not of Kubernetes.</summary>
    public static CniPod? Pod(Dictionary<string, string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args.TryGetValue("K8S_POD_NAMESPACE", out string? ns) && args.TryGetValue("K8S_POD_NAME", out string? name) && ns.Length > 0 && name.Length > 0
            ? new CniPod(ns, name, args.GetValueOrDefault("K8S_POD_UID", ""))
            : null;
    }
}
