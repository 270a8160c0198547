namespace Margay.Policy.Conversion;

/// <summary>
/// Brings the path of a request, or of a rule, to the one form in which they are compared: the form in which the most lenient
/// server would read it, so that no spelling slips past a rule.
/// </summary>
internal static class HttpPath
{
    /// <summary>
    /// Without query, decoded once, without path parameters, with <c>\</c> as <c>/</c>, without empty segments, <c>.</c> and <c>..</c>. False for what servers read in
    /// different ways: encoded twice, with NUL, badly encoded, not a path.
    /// </summary>
    internal static bool TryNormalize(string target, out string path)
    {
        path = "";
        int end = target.AsSpan().IndexOfAny('?', '#');
        if (!TryDecode(end < 0 ? target : target[..end], out string decoded) || IsAmbiguous(decoded)) return false;
        decoded = decoded.Replace('\\', '/');
        if (!decoded.StartsWith('/')) return false;
        var segments = new List<string>();
        foreach (string raw in decoded.Split('/'))
        {
            int parameters = raw.IndexOf(';', StringComparison.Ordinal);
            string segment = parameters < 0 ? raw : raw[..parameters];
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }
        path = "/" + string.Join('/', segments);
        return true;
    }

    private static bool TryDecode(string text, out string decoded)
    {
        decoded = "";
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '%' && (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))) return false;
        decoded = Uri.UnescapeDataString(text);
        return true;
    }

    private static bool IsAmbiguous(string decoded) =>
        decoded.Contains('\0', StringComparison.Ordinal)
        || decoded.Contains("%2e", StringComparison.OrdinalIgnoreCase)
        || decoded.Contains("%2f", StringComparison.OrdinalIgnoreCase)
        || decoded.Contains("%5c", StringComparison.OrdinalIgnoreCase);
}
