namespace Margay.Policy.Tests.Twin;

/// <summary>
/// The selector language, read and answered in one pass over the text for one set of labels. No tree, nothing kept. Only for
/// texts without mistakes; on others it throws.
/// </summary>
/// <param name="text">The selector.</param>
/// <param name="label">The value of a label, null when absent.</param>
/// <param name="all">What <c>all()</c> answers.</param>
/// <param name="global">What <c>global()</c> answers.</param>
internal sealed class TwinSelector(string text, Func<string, string?> label, bool all = true, bool global = true)
{
    private int _at;

    public static bool Matches(string text, Func<string, string?> label) => new TwinSelector(text, label).Answer();

    /// <summary>Both sides of every operator are read, whatever the first one answers: the text has to be walked.</summary>
    public bool Answer()
    {
        Blanks();
        if (_at == text.Length) return true;
        bool answer = Or();
        return _at == text.Length ? answer : throw new FormatException($"'{text}' goes on at {_at}");
    }

    private bool Or()
    {
        bool answer = And();
        while (Take("||")) answer |= And();
        return answer;
    }

    private bool And()
    {
        bool answer = Not();
        while (Take("&&")) answer &= Not();
        return answer;
    }

    private bool Not()
    {
        if (Take("!")) return !Not();
        if (Take("(")) return Close(Or());
        if (Take("all(")) return Close(all);
        if (Take("global(")) return Close(global);
        if (Take("has(")) return Close(label(Word()) is not null);
        return Comparison(Word());
    }

    private bool Comparison(string key)
    {
        string? value = label(key);
        if (Take("==")) return value == Quoted();
        if (Take("!=")) return value != Quoted();
        if (Take("contains")) return Quoted() is var part && value is not null && value.Contains(part, StringComparison.Ordinal);
        if (Take("starts", "with")) return Quoted() is var start && value is not null && value.StartsWith(start, StringComparison.Ordinal);
        if (Take("ends", "with")) return Quoted() is var end && value is not null && value.EndsWith(end, StringComparison.Ordinal);
        if (Take("not", "in")) return value is null | !Set().Contains(value!);
        return Take("in") ? Set().Contains(value!) : throw new FormatException($"no operator at {_at} of '{text}'");
    }

    private List<string> Set()
    {
        var values = new List<string>();
        Need("{");
        while (!Take("}"))
        {
            values.Add(Quoted());
            Take(",");
        }
        return values;
    }

    private string Word()
    {
        int start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '.' or '/' or '-')) _at++;
        string word = text[start.._at];
        Blanks();
        return word;
    }

    private string Quoted()
    {
        char quote = text[_at];
        int end = text.IndexOf(quote, _at + 1);
        string value = text[(_at + 1)..end];
        _at = end + 1;
        Blanks();
        return quote is '\'' or '"' ? value : throw new FormatException($"no value at {_at} of '{text}'");
    }

    private bool Close(bool answer)
    {
        Need(")");
        return answer;
    }

    private void Need(string sign)
    {
        if (!Take(sign)) throw new FormatException($"no {sign} at {_at} of '{text}'");
    }

    private bool Take(string sign)
    {
        if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) != 0) return false;
        _at += sign.Length;
        Blanks();
        return true;
    }

    /// <summary>Two words, with any number of blanks between them.</summary>
    private bool Take(string first, string second)
    {
        int before = _at;
        if (Take(first) && Take(second)) return true;
        _at = before;
        return false;
    }

    private void Blanks()
    {
        while (_at < text.Length && (text[_at] == ' ' || text[_at] == '\t')) _at++;
    }
}
