namespace Margay.Model.Validation;

/// <summary>The forms of names: each method gives null, or the sentence that says what is expected.</summary>
internal static class Names
{
    private const string LabelForm =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";

    /// <summary>A DNS label (RFC 1123), at most 63 characters.</summary>
    public static string? DnsLabel(string name) => name.Length <= 63 && IsDnsLabel(name) ? null : LabelForm + " (at most 63)";

    /// <summary>A DNS subdomain (RFC 1123): labels with dots between, at most 253 characters.</summary>
    public static string? DnsSubdomain(string name)
    {
        if (name.Length is 0 or > 253)
            return "must have 1 to 253 characters";
        foreach (string part in name.Split('.'))
        {
            if (!IsDnsLabel(part))
            {
                return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
                    "and must start and end with an alphanumeric character";
            }
        }

        return null;
    }

    /// <summary>
    /// What a policy of a namespace can be called: a label, or two with a dot between, of which the first is by habit the tier.
    /// Kubernetes' policies as calicoctl shows them have a prefix and more dots.
    /// </summary>
    public static string? Policy(string name)
    {
        bool isKubernetes = name.StartsWith("knp.default.", StringComparison.Ordinal) || name.StartsWith("ossg.default.", StringComparison.Ordinal);
        return isKubernetes ? DnsSubdomain(name) : GlobalPolicy(name);
    }

    /// <summary>What a global policy can be called: as policies of namespaces, but without Kubernetes' prefix.</summary>
    public static string? GlobalPolicy(string name)
    {
        if (name.Length > 253)
            return "must have at most 253 characters";
        string[] parts = name.Split('.');
        return parts.Length <= 2 && parts.All(IsDnsLabel)
            ? null
            : "must be a lowercase RFC 1123 label, which may have the tier and a dot in front: " + LabelForm;
    }

    /// <summary>A container's identifier.</summary>
    public static string? ContainerId(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) && All(name, "-")
            ? null
            : "must consist of alphanumeric characters or '-', and must start and end with an alphanumeric character";

    /// <summary>The key of a label or annotation: a name with an optional DNS prefix.</summary>
    public static string? QualifiedName(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && DnsSubdomain(key[..slash]) is { } wrong)
            return "prefix part " + wrong;
        string name = key[(slash + 1)..];
        return name.Length is > 0 and <= 63 && IsWord(name)
            ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (at most 63)";
    }

    /// <summary>The value of a label.</summary>
    public static string? LabelValue(string value) => value.Length == 0 || (value.Length <= 63 && IsWord(value))
        ? null
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
            "and must start and end with an alphanumeric character (at most 63)";

    /// <summary>A port's name: a service name of RFC 6335.</summary>
    public static string? ServiceName(string name)
    {
        bool fits = name.Length is > 0 and <= 15 && name.Any(char.IsAsciiLetterLower)
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);
        return fits
            ? null
            : "a port must be a number, a range \"first:last\" or a name; names have 1 to 15 lower case alphanumeric characters or single '-' inside, and at least one letter";
    }

    /// <summary>A network interface: the kernel allows 15 characters.</summary>
    public static string? Interface(string name) => name.Length is > 0 and <= 15 && All(name, "_.-")
        ? null
        : "must be the name of an interface, 1 to 15 alphanumeric characters, '_', '.' or '-'";

    /// <summary>Interfaces by name, where <c>*</c> stands for any characters.</summary>
    public static string? InterfacePattern(string name) => name.Length is > 0 and <= 15 && All(name, "_.-*")
        ? null
        : "must be the name of an interface, 1 to 15 alphanumeric characters, '_', '.', '-' or '*' for any";

    /// <summary>Interfaces by name as iptables takes them, where a last <c>+</c> stands for any characters.</summary>
    public static string? InterfaceFilter(string name) => name.Length is > 0 and <= 15 && All(name, ":._+-")
        ? null
        : "must be the name of an interface, 1 to 15 alphanumeric characters, ':', '.', '_', '-' or '+' for any";

    /// <summary>A host or address to listen on.</summary>
    public static string? Host(string name) => name.Length is > 0 and <= 64 && All(name, ":._+-")
        ? null
        : "must be a host name or an address, 1 to 64 alphanumeric characters, ':', '.', '_', '+' or '-'";

    /// <summary>A MAC address: six bytes in hexadecimal with colons or hyphens.</summary>
    public static string? Mac(string text)
    {
        char separator = text.Length > 2 ? text[2] : ':';
        string[] parts = text.Split(separator);
        return separator is ':' or '-' && parts.Length is 6 or 8 or 20 && parts.All(part => part.Length == 2 && part.All(char.IsAsciiHexDigit))
            ? null
            : "must be a MAC address such as 66:3d:1a:02:5e:0f";
    }

    /// <summary>Who owns a block of addresses.</summary>
    public static string? BlockOwner(string name)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && name[..colon] is "host" or "virtual" && name.Length > colon + 1 && All(name[(colon + 1)..], ".-_")
            ? null
            : "must be host:NODE or virtual:NAME";
    }

    /// <summary>A domain name of two or more labels, which may begin with <c>*.</c> and end with a dot.</summary>
    public static string? DomainPattern(string name)
    {
        ReadOnlySpan<char> rest = name;
        if (rest.StartsWith("*."))
            rest = rest[2..];
        if (rest.EndsWith('.'))
            rest = rest[..^1];
        int labels = 0;
        foreach (var part in rest.Split('.'))
        {
            var label = rest[part];
            if (label.IsEmpty || label[0] == '-' || !char.IsAsciiLetterOrDigit(label[^1]) || !All(label.ToString(), "-_"))
                labels = int.MinValue;
            labels++;
        }

        return labels >= 2 ? null : "must be a domain name such as example.org; only *. in front stands for other names";
    }

    private static bool IsDnsLabel(string text) =>
        text.Length > 0 && text[0] != '-' && text[^1] != '-' &&
        text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static bool IsWord(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]) && All(text, "_.-");

    private static bool All(string text, string others) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal));
}
