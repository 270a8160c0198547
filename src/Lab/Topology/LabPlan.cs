using System.Collections.Immutable;

namespace Margay.Lab.Topology;

/// <summary>A machine of the lab: a network namespace with one leg on the fabric.</summary>
/// <param name="Name">Its name, which is also its port's name on the bridge.</param>
/// <param name="Netns">Its network namespace.</param>
/// <param name="Ipv4">Its IPv4 address on the fabric.</param>
/// <param name="Ipv6">Its IPv6 address on the fabric.</param>
public sealed record LabMachine(string Name, string Netns, string Ipv4, string Ipv6);

/// <summary>
/// The shape of a lab, computed from its specification alone: a bridge in a namespace of its own, and the machines on
/// it. Labs do not share anything, so all of them use the same addresses.
/// </summary>
public sealed record LabPlan
{
    /// <summary>The fabric's IPv4 prefix length; the prefix is 10.98.0.0.</summary>
    public const int Ipv4PrefixLength = 24;

    /// <summary>The fabric's IPv6 prefix length; the prefix is fd98::.</summary>
    public const int Ipv6PrefixLength = 64;

    /// <summary>The pods' IPv4 pool.</summary>
    public const string PodPoolIpv4 = "10.244.0.0/16";

    /// <summary>The pods' IPv6 pool.</summary>
    public const string PodPoolIpv6 = "fd44::/48";

    /// <summary>The port of the API server on the fabric.</summary>
    public const int ApiServerPort = 6443;

    private LabPlan(string lab) => Lab = lab;

    /// <summary>The lab's name.</summary>
    public string Lab { get; }

    /// <summary>The namespace of the bridge.</summary>
    public string FabricNetns => $"{Lab}-fabric";

    /// <summary>The machine of the API server and the lab's controller.</summary>
    public required LabMachine ControlPlane { get; init; }

    /// <summary>The machine that stands for everything outside the cluster, and is the nodes' default gateway.</summary>
    public required LabMachine Internet { get; init; }

    /// <summary>The nodes.</summary>
    public required ImmutableArray<LabMachine> Nodes { get; init; }

    /// <summary>All machines.</summary>
    public IEnumerable<LabMachine> Machines => [ControlPlane, Internet, .. Nodes];

    /// <summary>All namespaces the plan needs; pods add theirs.</summary>
    public IEnumerable<string> NetworkNamespaces => [FabricNetns, .. Machines.Select(machine => machine.Netns)];

    /// <summary>The plan of a lab.</summary>
    public static LabPlan For(LabSpec spec) => new(spec.Name)
    {
        ControlPlane = Machine(spec.Name, "cp", 2),
        Internet = Machine(spec.Name, "internet", 254),
        Nodes = [.. Enumerable.Range(1, spec.Nodes).Select(number => Machine(spec.Name, $"node{number}", 10 + number))],
    };

    /// <summary>The namespace of a pod's sandbox.</summary>
    public static string PodNetns(string lab, string sandbox) => $"{lab}-pod-{sandbox}";

    /// <summary>True when a namespace belongs to the lab; a lab's name has no hyphen, so no lab's prefix begins another's.</summary>
    public static bool Owns(string lab, string netns) => netns.StartsWith(lab + "-", StringComparison.Ordinal);

    private static LabMachine Machine(string lab, string name, int host) => new(name, $"{lab}-{name}", $"10.98.0.{host}", $"fd98::{host:x}");
}
