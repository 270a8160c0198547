using Margay.Foundation.Primitives;

namespace Margay.Model.Validation;

/// <summary>Checks of addresses and networks.</summary>
internal static class Networks
{
    /// <summary>A network in CIDR notation without host bits.</summary>
    public static bool TryStrict(Findings findings, FieldPath field, string text, out IpPrefix prefix)
    {
        if (!text.Contains('/', StringComparison.Ordinal) || !IpPrefix.TryParse(text, out prefix))
        {
            prefix = default;
            findings.Invalid(
                field, text, "must be a network in CIDR notation, such as 192.168.0.0/16 or fd00::/8",
                IpPrefix.TryParse(text, out var single) ? $"write {single}" : null);
            return false;
        }

        if (IpAddr.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]) == prefix.Address)
            return true;
        findings.Invalid(field, text, "has host bits set", $"write {prefix}");
        return false;
    }

    /// <summary>A network in CIDR notation without host bits, or an address; of either family, or of one.</summary>
    public static void StrictOrAddress(Findings findings, FieldPath field, string? text, IpFamily family = IpFamily.None)
    {
        if (string.IsNullOrEmpty(text))
            return;
        if (!IpPrefix.TryParse(text, out var net) || (family != IpFamily.None && net.Family != family))
            findings.Invalid(field, text, $"must be {Named(family)}network in CIDR notation or an address");
        else if (text.Contains('/', StringComparison.Ordinal))
            TryStrict(findings, field, text, out _);
    }

    /// <summary>An address, with or without the length of its network; of one family.</summary>
    public static void AddressInNetwork(Findings findings, FieldPath field, string? text, IpFamily family)
    {
        if (!string.IsNullOrEmpty(text) && (!IpPrefix.TryParse(text, out var net) || net.Family != family))
            findings.Invalid(field, text, $"must be an IPv{(family == IpFamily.V4 ? 4 : 6)} address, with or without the network's length");
    }

    private static string Named(IpFamily family) => family switch { IpFamily.V4 => "an IPv4 ", IpFamily.V6 => "an IPv6 ", _ => "a " };

    /// <summary>A network in CIDR notation, or an address.</summary>
    public static void Loose(Findings findings, FieldPath field, string text)
    {
        if (!IpPrefix.TryParse(text, out _))
            findings.Invalid(field, text, "must be a network in CIDR notation or an address");
    }

    /// <summary>An address of either family, or of one.</summary>
    public static void Address(Findings findings, FieldPath field, string? text, IpFamily family = IpFamily.None)
    {
        if (string.IsNullOrEmpty(text))
            return;
        if (!IpAddr.TryParse(text, out var address) || (family != IpFamily.None && address.Family != family))
            findings.Invalid(field, text, family switch { IpFamily.V4 => "must be an IPv4 address", IpFamily.V6 => "must be an IPv6 address", _ => "must be an IP address" });
    }
}
