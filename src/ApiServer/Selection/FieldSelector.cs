namespace Margay.ApiServer.Selection;

/// <summary>A field selector: <c>path=value</c>, <c>path==value</c> or <c>path!=value</c>, joined by commas.</summary>
internal sealed class FieldSelector
{
    private readonly IReadOnlyList<(string Path, string Value, bool Equal)> _terms;

    private FieldSelector(IReadOnlyList<(string, string, bool)> terms) => _terms = terms;

    public static FieldSelector Everything { get; } = new([]);

    public bool IsEverything => _terms.Count == 0;

    /// <summary>The value that one path must have, or null when it is not pinned to one.</summary>
    public string? Pinned(string path)
    {
        foreach (var term in _terms)
            if (term.Equal && term.Path == path) return term.Value;
        return null;
    }

    /// <summary>Reads a selector over the fields a kind supports.</summary>
    /// <param name="text">The selector.</param>
    /// <param name="supported">The fields; null for any.</param>
    /// <exception cref="FormatException">It is not a selector, or names another field.</exception>
    public static FieldSelector Parse(string text, IReadOnlyCollection<string>? supported = null)
    {
        var terms = new List<(string, string, bool)>();
        foreach (string part in Split(text))
        {
            int sign = part.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1) throw new FormatException($"invalid selector: '{text}'; can't understand '{part}'");
            bool equal = part[sign - 1] != '!';
            string path = part[..(equal ? sign : sign - 1)].Trim();
            string value = Unescape(part[(part.Length > sign + 1 && part[sign + 1] == '=' ? sign + 2 : sign + 1)..]);
            if (supported is not null && !supported.Contains(path)) throw new FormatException($"field label not supported: {path}");
            terms.Add((path, value, equal));
        }
        return new FieldSelector(terms);
    }

    public bool Matches(IReadOnlyDictionary<string, string> fields)
    {
        foreach (var (path, value, equal) in _terms)
            if (string.Equals(fields.GetValueOrDefault(path, ""), value, StringComparison.Ordinal) != equal) return false;
        return true;
    }

    /// <summary>Commas part terms, except behind a backslash.</summary>
    private static IEnumerable<string> Split(string text)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '\\') i++;
            else if (i == text.Length || text[i] == ',')
            {
                if (i > start) yield return text[start..i];
                start = i + 1;
            }
        }
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal)) return value;
        var plain = new System.Text.StringBuilder();
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length) i++;
            plain.Append(value[i]);
        }
        return plain.ToString();
    }
}
