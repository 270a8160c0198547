using System.Text.Json;
using Margay.Foundation.Primitives;

namespace Margay.Ipam.Allocation;

/// <summary>
/// What annotations and the CNI configuration say about a pod's addresses. The pod's own addresses go before its pools,
/// the pod before its namespace, the namespace before the CNI configuration; pools are chosen for each family apart.
/// </summary>
/// <param name="Addresses">The addresses asked for, at most one of each family; empty when the pools decide.</param>
/// <param name="PoolsV4">The IPv4 pools asked for, or null.</param>
/// <param name="PoolsV6">The IPv6 pools asked for, or null.</param>
/// <param name="CountV4">1 or 0.</param>
/// <param name="CountV6">1 or 0.</param>
public sealed record AddressAnnotations(
    IReadOnlyList<IpAddr> Addresses, PoolChoice? PoolsV4, PoolChoice? PoolsV6, int CountV4, int CountV6)
{
    private const string Prefix = "cni.projectcalico.org/";

    /// <summary>A list of addresses for the pod.</summary>
    public const string IpAddrs = Prefix + "ipAddrs";

    /// <summary>A list of IPv4 pools, by name or prefix; on pods and namespaces.</summary>
    public const string Ipv4Pools = Prefix + "ipv4pools";

    /// <summary>A list of IPv6 pools, by name or prefix; on pods and namespaces.</summary>
    public const string Ipv6Pools = Prefix + "ipv6pools";

    /// <summary>Which families the pod gets: ["IPv4"], ["IPv6"] or both.</summary>
    public const string IpFamilies = Prefix + "ipFamilies";

    /// <summary>Reads what stands there.</summary>
    /// <param name="pod">The pod, "NAMESPACE/NAME", for messages.</param>
    /// <param name="podAnnotations">The pod's annotations.</param>
    /// <param name="namespaceAnnotations">Its namespace's.</param>
    /// <param name="defaults">The CNI configuration.</param>
    /// <param name="plan">What to ask for.</param>
    /// <param name="problem">What is wrong, naming the annotation.</param>
    public static bool TryRead(string pod, IReadOnlyDictionary<string, string>? podAnnotations,
        IReadOnlyDictionary<string, string>? namespaceAnnotations, CniAddressDefaults defaults, out AddressAnnotations plan, out string? problem)
    {
        var (v4, v6) = (defaults.AssignV4 ? 1 : 0, defaults.AssignV6 ? 1 : 0);
        plan = new([], null, null, v4, v6);
        string @namespace = pod.Split('/')[0];

        if (!TryList(podAnnotations, namespaceAnnotations: null, IpFamilies, pod, @namespace, out var families, out problem)) return false;
        if (families is not null)
        {
            if (families.Pools.Count == 0 || families.Pools.Any(f => f is not ("IPv4" or "IPv6")))
                return Fail($"{families.Source}: IPv4 and IPv6 are the families there are", out problem);
            (v4, v6) = (families.Pools.Contains("IPv4") ? 1 : 0, families.Pools.Contains("IPv6") ? 1 : 0);
        }

        if (!TryList(podAnnotations, namespaceAnnotations: null, IpAddrs, pod, @namespace, out var texts, out problem)) return false;
        if (texts is not null)
        {
            var addresses = new List<IpAddr>();
            foreach (string text in texts.Pools)
            {
                if (!IpAddr.TryParse(text, out var address)) return Fail($"{texts.Source}: '{text}' is not an IP address", out problem);
                if (addresses.Any(a => a.Family == address.Family))
                    return Fail($"{texts.Source}: more than one {(address.Family == IpFamily.V4 ? "IPv4" : "IPv6")} address", out problem);
                addresses.Add(address);
            }
            if (addresses.Count == 0) return Fail($"{texts.Source}: the list is empty", out problem);
            plan = plan with { Addresses = addresses, CountV4 = 0, CountV6 = 0 };
            return true;
        }

        if (!TryList(podAnnotations, namespaceAnnotations, Ipv4Pools, pod, @namespace, out var pools4, out problem)
            || !TryList(podAnnotations, namespaceAnnotations, Ipv6Pools, pod, @namespace, out var pools6, out problem)) return false;
        plan = new([], pools4 ?? Configured(defaults.PoolsV4, "ipv4_pools"), pools6 ?? Configured(defaults.PoolsV6, "ipv6_pools"), v4, v6);
        return true;
    }

    private static PoolChoice? Configured(IReadOnlyList<string>? pools, string key) =>
        pools is { Count: > 0 } ? new PoolChoice(pools, $"{key} of the CNI configuration") : null;

    private static bool TryList(IReadOnlyDictionary<string, string>? pod, IReadOnlyDictionary<string, string>? namespaceAnnotations,
        string key, string podName, string namespaceName, out PoolChoice? list, out string? problem)
    {
        (list, problem) = (null, null);
        string source;
        if (pod is not null && pod.TryGetValue(key, out string? text)) source = $"annotation {key} of pod {podName}";
        else if (namespaceAnnotations is not null && namespaceAnnotations.TryGetValue(key, out text)) source = $"annotation {key} of namespace {namespaceName}";
        else return true;

        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String))
            {
                list = new PoolChoice([.. json.RootElement.EnumerateArray().Select(e => e.GetString()!)], source);
                return true;
            }
        }
        catch (JsonException error)
        {
            return Fail($"{source} is not JSON: {error.Message}", out problem);
        }
        return Fail($"{source} is not a JSON list of texts: {text}", out problem);
    }

    private static bool Fail(string message, out string? problem)
    {
        problem = message;
        return false;
    }
}

/// <summary>The part of the CNI configuration that concerns addresses.</summary>
/// <param name="AssignV4">assign_ipv4; upstream's default is true.</param>
/// <param name="AssignV6">assign_ipv6; upstream's default is false.</param>
/// <param name="PoolsV4">ipv4_pools.</param>
/// <param name="PoolsV6">ipv6_pools.</param>
public sealed record CniAddressDefaults(
    bool AssignV4 = true, bool AssignV6 = false, IReadOnlyList<string>? PoolsV4 = null, IReadOnlyList<string>? PoolsV6 = null);
