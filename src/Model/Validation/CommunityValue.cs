using System.Globalization;

namespace Margay.Model.Validation;

/// <summary>Values of BGP communities: <c>aa:nn</c> (RFC 1997) and <c>aa:nn:mm</c> (RFC 8092).</summary>
internal static class CommunityValue
{
    public const string Form = "must be aa:nn with numbers from 0 to 65535, or aa:nn:mm with numbers from 0 to 4294967295";

    /// <summary>Whether it has the form of a value, whatever its numbers are.</summary>
    public static bool LooksLike(string text) =>
        text.Split(':') is { Length: 2 or 3 } parts && parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    /// <summary>Whether it is a value.</summary>
    public static bool IsValid(string text)
    {
        if (!LooksLike(text))
            return false;
        string[] parts = text.Split(':');
        uint most = parts.Length == 2 ? ushort.MaxValue : uint.MaxValue;
        return parts.All(part => uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number <= most);
    }

    /// <summary>Whether it is a value without needless zeros.</summary>
    public static bool IsCanonical(string text) => IsValid(text) && text.Split(':').All(part => part.Length == 1 || part[0] != '0');
}
