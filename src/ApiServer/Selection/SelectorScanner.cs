namespace Margay.ApiServer.Selection;

/// <summary>Reads the words and signs of a selector.</summary>
internal sealed class SelectorScanner(string text)
{
    private int _at;

    public bool AtEnd
    {
        get
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
            return _at == text.Length;
        }
    }

    public bool Take(string sign)
    {
        if (AtEnd || string.CompareOrdinal(text, _at, sign, 0, sign.Length) != 0) return false;
        _at += sign.Length;
        return true;
    }

    /// <summary>Takes a keyword if the next word is exactly that.</summary>
    public bool TakeWord(string word)
    {
        if (AtEnd) return false;
        int start = _at;
        if (OptionalWord() == word) return true;
        _at = start;
        return false;
    }

    public string Word(string what)
    {
        string word = OptionalWord();
        return word.Length > 0 ? word : throw Unexpected(what);
    }

    /// <summary>The next word; empty when a sign comes instead.</summary>
    public string OptionalWord()
    {
        if (AtEnd) return "";
        int start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '-' or '_' or '.' or '/')) _at++;
        return text[start.._at];
    }

    public string Number()
    {
        string word = Word("a whole number");
        return long.TryParse(word, out _) ? word : throw new FormatException($"unable to parse requirement: {word} is not a whole number");
    }

    public IReadOnlyList<string> Set()
    {
        if (!Take("(")) throw Unexpected("'('");
        var values = new List<string>();
        do
        {
            values.Add(OptionalWord());
        }
        while (Take(","));
        if (!Take(")")) throw Unexpected("',' or ')'");
        return values;
    }

    public FormatException Unexpected(string expected) => new(AtEnd
        ? $"unable to parse requirement: found the end of \"{text}\", expected {expected}"
        : $"unable to parse requirement: found '{text[_at]}' at position {_at} of \"{text}\", expected {expected}");
}
