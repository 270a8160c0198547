using Margay.Model.Resources;
using Margay.Testbed.Dns.Wire;

namespace Margay.Testbed.Dns.Names;

/// <summary>
/// The names of a cluster as Kubernetes specifies them (DNS-Based Service Discovery, 1.1.0): services, ports, hosts behind
/// headless services, pods by address, and addresses back to names. Nothing outside of the cluster has a name.
/// </summary>
internal sealed class ClusterNames(IClusterState state)
{
    public const string Zone = "cluster.local";
    private const int LongestChain = 8;

    /// <summary>What is known of a name.</summary>
    /// <param name="name">The name in lower case, without the last dot.</param>
    /// <param name="type">What is asked for.</param>
    public DnsAnswer Answer(string name, RecordType type) => Answer(name, type, LongestChain);

    private DnsAnswer Answer(string name, RecordType type, int chain)
    {
        if (ReverseNames.AddressOf(name) is { } address)
            return new ReverseNames(state).Answer(name, address, type);
        if (name == Zone)
            return DnsAnswer.Nothing;
        if (!name.EndsWith("." + Zone, StringComparison.Ordinal))
            return DnsAnswer.NoSuchName;
        return name[..^(Zone.Length + 1)].Split('.') switch
        {
            ["dns-version"] => Only(type, RecordType.Txt, new TextRecord(name, "1.1.0")),
            ["svc"] or ["pod"] => DnsAnswer.Nothing,
            [var ns, "svc"] => state.Services.Any(service => service.Metadata.Namespace == ns) ? DnsAnswer.Nothing : DnsAnswer.NoSuchName,
            [var dashed, var ns, "pod"] => OfPod(name, dashed, ns, type),
            [.. var path, var service, var ns, "svc"] when state.FindService(ns, service) is { } found => OfService(name, found, path, type, chain),
            _ => DnsAnswer.NoSuchName,
        };
    }

    private DnsAnswer OfService(string name, Service service, string[] path, RecordType type, int chain)
    {
        if (service.Spec.Type == "ExternalName")
            return path.Length == 0 ? Follow(name, service.Spec.ExternalName ?? "", type, chain) : DnsAnswer.NoSuchName;
        var names = new ServiceNames(service, state.FindEndpoints(service.Metadata.Namespace!, service.Metadata.Name!));
        return path switch
        {
            [] => names.Itself(name, type),
            [var host] when names.IsHeadless => names.Host(name, host, type),
            [['_', .. var port], ['_', .. var protocol]] => names.Port(name, port, protocol, type),
            _ => DnsAnswer.NoSuchName,
        };
    }

    // An alias answers every question; what it leads to comes along when it is ours.
    private DnsAnswer Follow(string name, string target, RecordType type, int chain)
    {
        var alias = new AliasRecord(name, target);
        return type is RecordType.Cname || chain == 0
            ? DnsAnswer.Of(alias)
            : DnsAnswer.Of(Answer(target.ToLowerInvariant(), type, chain - 1).Records.Prepend(alias));
    }

    // 10-244-1-7.NAMESPACE.pod: the address says it all, so whether there is such a pod is not asked.
    private static DnsAnswer OfPod(string name, string dashed, string ns, RecordType type) =>
        ns.Length > 0 && Dashes.Parse(dashed) is { } address
            ? DnsAnswer.Of(new AddressRecord(name, address)).OfType(type)
            : DnsAnswer.NoSuchName;

    private static DnsAnswer Only(RecordType asked, RecordType has, DnsRecord record) =>
        asked == has || asked == RecordType.Any ? DnsAnswer.Of(record) : DnsAnswer.Nothing;
}
