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
            findings.Invalid(field, text, "must be a network in CIDR notation, such as 192.168.0.0/16 or fd00::/8");
            return false;
        }

        if (IpAddr.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]) == prefix.Address)
            return true;
        findings.Invalid(field, text, $"has host bits set; the network is {prefix}");
        return false;
    }

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
