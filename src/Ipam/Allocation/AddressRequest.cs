using System.Security.Cryptography;
using System.Text;
using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;

namespace Margay.Ipam.Allocation;

/// <summary>A request for addresses.</summary>
/// <param name="Handle">
/// The name under which the addresses are found and released, unique to one owner: for a pod
/// "NETWORK.CONTAINER-ID" (<see cref="OfContainer"/>). Asking again under the same handle gives the same addresses.
/// </param>
/// <param name="Node">The node that will use them.</param>
/// <param name="NodeLabels">Its labels, for the pools' node selectors.</param>
/// <param name="Attributes">The owner, as stored with the address: see <see cref="OwnerAttributes"/>.</param>
public sealed record AddressRequest(
    string Handle, string Node, IReadOnlyDictionary<string, string>? NodeLabels, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>How many IPv4 addresses are wanted.</summary>
    public int CountV4 { get; init; }

    /// <summary>How many IPv6 addresses are wanted.</summary>
    public int CountV6 { get; init; }

    /// <summary>Where the IPv4 addresses must come from; null lets the pools' selectors decide.</summary>
    public PoolChoice? PoolsV4 { get; init; }

    /// <summary>Where the IPv6 addresses must come from; null lets the pools' selectors decide.</summary>
    public PoolChoice? PoolsV6 { get; init; }

    /// <summary>The labels of the owner's namespace, for the pools' namespace selectors; null when it has none.</summary>
    public IReadOnlyDictionary<string, string>? NamespaceLabels { get; init; }

    /// <summary>
    /// True when nobody can have asked for this handle's addresses before: what it may have borrowed from other nodes'
    /// blocks is then not looked up. Its own node's blocks are looked through all the same.
    /// </summary>
    public bool IsFirst { get; init; }

    /// <summary>Whose blocks serve the request: the node's, unless it comes from something that is no node.</summary>
    public BlockOwner Owner { get; init; } = BlockOwner.Host(Node);

    /// <summary>What the addresses are for: "Workload", "Tunnel" or "LoadBalancer".</summary>
    public string Use { get; init; } = "Workload";

    /// <summary>The handle that upstream's plugin gives a container: "k8s-pod-network.CONTAINER-ID" in the usual network.</summary>
    public static string OfContainer(string network, string containerId) => $"{network}.{containerId}";

    /// <summary>The attributes that upstream's plugin writes for a pod.</summary>
    public static IReadOnlyDictionary<string, string> OfPod(string @namespace, string pod, string node, DateTimeOffset now) =>
        new Dictionary<string, string>
        {
            [OwnerAttributes.Namespace] = @namespace,
            [OwnerAttributes.Pod] = pod,
            [OwnerAttributes.Node] = node,
            [OwnerAttributes.Timestamp] = $"{now.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff} +0000 UTC",
        };

    /// <summary>The handle that upstream's controller gives a service.</summary>
    public static string OfService(string @namespace, string service, string uid)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{service}-{@namespace}-{uid}".ToLowerInvariant()));
        return "lb-" + Convert.ToBase64String(hash).Replace("+", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal).TrimEnd('=');
    }

    /// <summary>A request for addresses of a service of type LoadBalancer, with upstream's owner and attributes.</summary>
    public static AddressRequest ForService(string @namespace, string service, string uid, DateTimeOffset now) =>
        new(OfService(@namespace, service, uid), BlockOwner.LoadBalancer.Name, null, new Dictionary<string, string>
        {
            [OwnerAttributes.Namespace] = @namespace,
            [OwnerAttributes.Service] = service,
            [OwnerAttributes.Type] = OwnerAttributes.LoadBalancer,
            [OwnerAttributes.Timestamp] = $"{now.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff} +0000 UTC",
        })
        {
            Owner = BlockOwner.LoadBalancer,
            Use = "LoadBalancer",
        };

    /// <summary>Who asks, for messages.</summary>
    internal string Asker => Owner.Type == BlockOwner.HostType ? $"node {Node}" : $"services of type {Use}";

    internal int CountOf(IpFamily family) => family == IpFamily.V4 ? CountV4 : CountV6;

    internal PoolChoice? PoolsOf(IpFamily family) => family == IpFamily.V4 ? PoolsV4 : PoolsV6;
}

/// <summary>Pools that somebody asked for.</summary>
/// <param name="Pools">Names of pools, or their prefixes.</param>
/// <param name="Source">Who asked, for messages: "annotation cni.projectcalico.org/ipv4pools of pod shop/cart".</param>
public sealed record PoolChoice(IReadOnlyList<string> Pools, string Source);
