using System.Security.Cryptography;
using System.Text;

namespace Margay.Controllers.HostEndpoints;

/// <summary>The names of automatic host endpoints; upstream's, so that an upgrade from it makes nothing anew.</summary>
internal static class HostEndpointNames
{
    private const string Suffix = "auto-hep";
    private const int Longest = 253;

    /// <summary><c>NODE-auto-hep</c>, <c>NODE-TEMPLATE-auto-hep</c>, <c>NODE-TEMPLATE-INTERFACE-auto-hep</c>.</summary>
    public static string Of(string node, params ReadOnlySpan<string> parts)
    {
        string name = string.Join('-', [node, .. parts, Suffix]);
        return name.Length <= Longest && GoodName(name) ? name : Hashed(name);
    }

    // Names of interfaces may have capitals and underscores, which names of objects may not.
    private static bool GoodName(string name) =>
        name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && char.IsAsciiLetterOrDigit(name[0])
        && !name.Contains("..", StringComparison.Ordinal) && !name.Contains(".-", StringComparison.Ordinal) && !name.Contains("-.", StringComparison.Ordinal);

    private static string Hashed(string name)
    {
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return $"{string.Concat(hash.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant()}-{Suffix}";
    }
}
