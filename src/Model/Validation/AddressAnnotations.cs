using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>
/// Checks of the annotations that ask for pools and addresses; each holds a JSON list of strings. A pod with a wrong one could
/// not start, so it is refused before it tries.
/// </summary>
internal static class AddressAnnotations
{
    private const string Cni = "cni.projectcalico.org/";

    /// <summary>What a list may hold.</summary>
    internal enum Holds
    {
        PoolsV4,
        PoolsV6,
        Addresses,
        Networks,
        Mac,
    }

    public static readonly (string Key, Holds Holds)[] ForNamespaces = [(Cni + "ipv4pools", Holds.PoolsV4), (Cni + "ipv6pools", Holds.PoolsV6)];

    public static readonly (string Key, Holds Holds)[] ForPods =
    [
        .. ForNamespaces, (Cni + "ipAddrs", Holds.Addresses), (Cni + "ipAddrsNoIpam", Holds.Addresses), (Cni + "floatingIPs", Holds.Addresses),
        (Cni + "allowedSourcePrefixes", Holds.Networks), (Cni + "hwAddr", Holds.Mac),
    ];

    public static readonly (string Key, Holds Holds)[] ForServices =
    [
        ("projectcalico.org/ipv4pools", Holds.PoolsV4), ("projectcalico.org/ipv6pools", Holds.PoolsV6),
        ("projectcalico.org/loadBalancerIPs", Holds.Addresses),
    ];

    public static void Check(Findings findings, ObjectMeta metadata, (string Key, Holds Holds)[] known)
    {
        if (metadata.Annotations is not { Count: > 0 } annotations)
            return;
        foreach (var (key, holds) in known)
        {
            if (annotations.GetValueOrDefault(key) is not { Length: > 0 } text)
                continue;
            var at = FieldPath.Metadata.Child("annotations").Key(key);
            if (holds == Holds.Mac)
                Texts.Name(findings, at, text, Names.Mac);
            else if (!TryList(text, out var list))
                findings.Invalid(at, text, "must be a JSON list of strings, such as [\"a\", \"b\"]");
            else
                CheckList(findings, at, text, list, holds, atMostOneEach: key is Cni + "ipAddrs" or Cni + "ipAddrsNoIpam");
        }

        if (annotations.ContainsKey(Cni + "ipAddrs") && annotations.ContainsKey(Cni + "ipAddrsNoIpam"))
            findings.Forbidden(FieldPath.Metadata.Child("annotations").Key(Cni + "ipAddrsNoIpam"), $"cannot be set together with {Cni}ipAddrs");
    }

    private static void CheckList(Findings findings, FieldPath at, string text, List<string> list, Holds holds, bool atMostOneEach)
    {
        foreach (string item in list)
        {
            string? wrong = holds switch
            {
                Holds.PoolsV4 => Pool(item, IpFamily.V4),
                Holds.PoolsV6 => Pool(item, IpFamily.V6),
                Holds.Networks => item.Contains('/', StringComparison.Ordinal) && IpPrefix.TryParse(item, out _) ? null : "is no network in CIDR notation",
                _ => IpAddr.TryParse(item, out _) ? null : "is no address",
            };
            if (wrong is not null)
                findings.Invalid(at, text, $"\"{item}\" {wrong}");
        }

        if (!atMostOneEach)
            return;
        foreach (var family in (ReadOnlySpan<IpFamily>)[IpFamily.V4, IpFamily.V6])
        {
            if (list.Count(item => IpAddr.TryParse(item, out var address) && address.Family == family) > 1)
                findings.Invalid(at, text, $"must have at most one IP{family.ToString().ToLowerInvariant()} address");
        }
    }

    private static string? Pool(string text, IpFamily family)
    {
        if (IpPrefix.TryParse(text, out var cidr))
            return cidr.Family == family ? null : $"is no IP{family.ToString().ToLowerInvariant()} pool";
        return Names.DnsSubdomain(text) is null ? null : "is neither the name of a pool nor its network";
    }

    private static bool TryList(string text, out List<string> list)
    {
        list = [];
        try
        {
            if (JsonNode.Parse(text) is not JsonArray items)
                return false;
            foreach (var item in items)
            {
                if (item?.GetValueKind() != JsonValueKind.String)
                    return false;
                list.Add(item.GetValue<string>());
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
