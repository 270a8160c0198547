namespace Margay.ApiServer.Admission;

/// <summary>The forms of names that Kubernetes knows, each with the sentence that says what is expected.</summary>
internal static class NameCheck
{
    /// <summary>A DNS subdomain (RFC 1123): what most objects are called.</summary>
    public static string? Subdomain(string name) =>
        name.Length is > 0 and <= 253 && name.Split('.').All(part => IsLabel(part, 253))
            ? null
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
              + "with an alphanumeric character (at most 253 of them)";

    /// <summary>A DNS label (RFC 1123): what namespaces are called.</summary>
    public static string? DnsLabel(string name) => IsLabel(name, 63)
        ? null
        : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
          + "alphanumeric character (at most 63 of them)";

    /// <summary>A DNS label that begins with a letter (RFC 1035): what services are called.</summary>
    public static string? ServiceName(string name) => IsLabel(name, 63) && char.IsAsciiLetterLower(name[0])
        ? null
        : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end "
          + "with an alphanumeric character (at most 63 of them)";

    /// <summary>Anything that can stand between two slashes of a path: what roles are called, <c>system:discovery</c> for one.</summary>
    public static string? PathSegment(string name) => name switch
    {
        "" => "a name may not be empty",
        "." or ".." => "may not be '.' or '..'",
        _ when name.Contains('/', StringComparison.Ordinal) => "may not contain '/'",
        _ when name.Contains('%', StringComparison.Ordinal) => "may not contain '%'",
        _ => null,
    };

    /// <summary>The key of a label or an annotation: an optional DNS prefix and a name.</summary>
    public static string? QualifiedName(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && Subdomain(key[..slash]) is { } wrong) return $"prefix part {wrong}";
        string name = key[(slash + 1)..];
        return name.Length is > 0 and <= 63 && IsWord(name)
            ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
              + "character (at most 63 of them)";
    }

    /// <summary>The value of a label.</summary>
    public static string? LabelValue(string value) => value.Length == 0 || (value.Length <= 63 && IsWord(value))
        ? null
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
          + "an alphanumeric character (at most 63 of them)";

    private static bool IsLabel(string text, int most) =>
        text.Length > 0 && text.Length <= most && IsLowerOrDigit(text[0]) && IsLowerOrDigit(text[^1])
        && text.All(c => IsLowerOrDigit(c) || c == '-');

    private static bool IsWord(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsLowerOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
