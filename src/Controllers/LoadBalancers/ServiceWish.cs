using System.Text.Json;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Controllers.LoadBalancers;

/// <summary>What a service asks of the load balancer. Pure.</summary>
internal sealed record ServiceWish
{
    /// <summary>Pools for its IPv4 address, as a JSON list of names or prefixes.</summary>
    public const string Ipv4Pools = "projectcalico.org/ipv4pools";

    /// <summary>Pools for its IPv6 address.</summary>
    public const string Ipv6Pools = "projectcalico.org/ipv6pools";

    /// <summary>Its addresses, at most one of each family.</summary>
    public const string Addresses = "projectcalico.org/loadBalancerIPs";

    /// <summary>The class that means us.</summary>
    public const string OwnClass = "calico";

    /// <summary>Whether it gets addresses from us at all.</summary>
    public bool Managed { get; private init; }

    /// <summary>What is wrong with what it asks; null when nothing is.</summary>
    public string? Problem { get; private init; }

    /// <summary>The addresses asked for by name; empty when any will do.</summary>
    public IReadOnlyList<IpAddr> Specific { get; private init; } = [];

    /// <summary>The families it gets an address of, in its order.</summary>
    public IReadOnlyList<IpFamily> Families { get; private init; } = [];

    /// <summary>Whether an address of one family alone is no help.</summary>
    public bool AllOrNone { get; private init; }

    /// <summary>Where its IPv4 address must come from; null for any pool that gives without being asked by name.</summary>
    public PoolChoice? PoolsV4 { get; private init; }

    /// <summary>The same for IPv6.</summary>
    public PoolChoice? PoolsV6 { get; private init; }

    /// <summary>Where an address of the family must come from.</summary>
    public PoolChoice? PoolsOf(IpFamily family) => family == IpFamily.V4 ? PoolsV4 : PoolsV6;

    /// <summary>Reads a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="all">Whether services get addresses that do not ask for them.</param>
    public static ServiceWish Of(Service service, bool all)
    {
        if (!IsOurs(service, all)) return new();
        var families = FamiliesOf(service.Spec);
        var wish = new ServiceWish { Managed = true, Families = families, AllOrNone = service.Spec.IpFamilyPolicy == "RequireDualStack" };
        if (!TryList(service, Addresses, out var texts, out string? problem) || !TryAddresses(service, texts, out var specific, out problem))
            return wish with { Problem = problem };
        if (specific.Count > 0) return wish with { Specific = specific, Families = [.. specific.Select(a => a.Family)] };
        return TryList(service, Ipv4Pools, out var v4, out problem) && TryList(service, Ipv6Pools, out var v6, out problem)
            ? wish with { PoolsV4 = Choice(service, Ipv4Pools, v4), PoolsV6 = Choice(service, Ipv6Pools, v6) }
            : wish with { Problem = problem };
    }

    private static bool IsOurs(Service service, bool all)
    {
        if (service.Spec.Type != "LoadBalancer") return false;
        if (service.Spec.LoadBalancerClass is { Length: > 0 } other) return other == OwnClass;
        return all || Asks(service, Ipv4Pools) || Asks(service, Ipv6Pools) || Asks(service, Addresses) || !string.IsNullOrEmpty(service.Spec.LoadBalancerIP);
    }

    private static bool Asks(Service service, string annotation) => !string.IsNullOrEmpty(service.Metadata.Annotations?.GetValueOrDefault(annotation));

    // Kubernetes fills in ipFamilies; where nobody does, the policy and the cluster addresses tell.
    private static List<IpFamily> FamiliesOf(ServiceSpec spec)
    {
        List<IpFamily> families = [.. (spec.IpFamilies ?? []).Select(f => f == "IPv6" ? IpFamily.V6 : IpFamily.V4).Distinct()];
        if (families.Count > 0) return families;
        foreach (string text in spec.ClusterIPs ?? (spec.ClusterIP is { } one ? [one] : []))
        {
            if (IpAddr.TryParse(text, out var address) && !families.Contains(address.Family)) families.Add(address.Family);
        }
        if (families.Count == 0) families.Add(IpFamily.V4);
        if (spec.IpFamilyPolicy is "PreferDualStack" or "RequireDualStack" && families.Count == 1)
            families.Add(families[0] == IpFamily.V4 ? IpFamily.V6 : IpFamily.V4);
        return families;
    }

    private static bool TryAddresses(Service service, List<string>? texts, out List<IpAddr> addresses, out string? problem)
    {
        string source = texts is null ? "spec.loadBalancerIP" : $"annotation {Addresses}";
        if (texts is null && service.Spec.LoadBalancerIP is { Length: > 0 } field) texts = [field];
        (addresses, problem) = ([], null);
        foreach (string text in texts ?? [])
        {
            if (!IpAddr.TryParse(text, out var address)) problem = $"{source}: \"{text}\" is not an IP address";
            else if (addresses.Any(a => a.Family == address.Family)) problem = $"{source}: more than one {(address.Family == IpFamily.V4 ? "IPv4" : "IPv6")} address";
            else addresses.Add(address);
        }
        return problem is null;
    }

    private static PoolChoice? Choice(Service service, string annotation, List<string>? pools) =>
        pools is { Count: > 0 } ? new PoolChoice(pools, $"annotation {annotation} of service {service.Metadata.Namespace}/{service.Metadata.Name}") : null;

    private static bool TryList(Service service, string annotation, out List<string>? list, out string? problem)
    {
        (list, problem) = (null, null);
        if (service.Metadata.Annotations?.GetValueOrDefault(annotation) is not { Length: > 0 } text) return true;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String))
            {
                list = [.. json.RootElement.EnumerateArray().Select(e => e.GetString()!)];
                if (list.Count > 0) return true;
            }
        }
        catch (JsonException)
        {
            // Told below.
        }
        problem = $"annotation {annotation} must be a JSON list of strings such as [\"a\"], not {text}";
        return false;
    }
}
