using System.Buffers;

namespace Margay.Model.Selectors;

/// <summary>What a token is.</summary>
internal enum SelectorToken
{
    End,
    Invalid,
    Label,
    Text,
    Equal,
    NotEqual,
    In,
    NotIn,
    Contains,
    StartsWith,
    EndsWith,
    Has,
    All,
    Global,
    Not,
    And,
    Or,
    OpenParen,
    CloseParen,
    OpenBrace,
    CloseBrace,
    Comma,
}

/// <summary>
/// Cuts a selector into tokens. Words are operators only directly after a label, so that labels named <c>in</c> or
/// <c>contains</c> work; <c>has(</c>, <c>all(</c> and <c>global(</c> are one word with their parenthesis, as upstream has it.
/// White space is space and tab, nothing else.
/// </summary>
internal ref struct SelectorLexer(ReadOnlySpan<char> input)
{
    /// <summary>Upstream's limit for a label's name.</summary>
    internal const int MaxLabelLength = 512;

    private static readonly SearchValues<char> _labelCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-");

    private readonly ReadOnlySpan<char> _input = input;
    private int _next;

    /// <summary>The kind of the current token.</summary>
    public SelectorToken Kind { get; private set; }

    /// <summary>Where the current token begins; for an invalid token, where it went wrong.</summary>
    public int Position { get; private set; }

    /// <summary>What would have been right, when the token is invalid.</summary>
    public string Expected { get; private set; } = "";

    /// <summary>The label's name or the string's content.</summary>
    public ReadOnlySpan<char> Value { get; private set; }

    /// <summary>Moves to the next token.</summary>
    public void Read()
    {
        bool afterLabel = Kind == SelectorToken.Label;
        SkipBlanks();
        Position = _next;
        Value = default;
        if (_next == _input.Length)
        {
            Kind = SelectorToken.End;
            return;
        }
        char first = _input[_next];
        Kind = first switch
        {
            '(' => Take(1, SelectorToken.OpenParen),
            ')' => Take(1, SelectorToken.CloseParen),
            '{' => Take(1, SelectorToken.OpenBrace),
            '}' => Take(1, SelectorToken.CloseBrace),
            ',' => Take(1, SelectorToken.Comma),
            '=' => TakePair('=', SelectorToken.Equal, "'=='"),
            '&' => TakePair('&', SelectorToken.And, "'&&'"),
            '|' => TakePair('|', SelectorToken.Or, "'||'"),
            '!' when Second() == '=' => Take(2, SelectorToken.NotEqual),
            '!' => Take(1, SelectorToken.Not),
            '\'' or '"' => TakeText(first),
            _ when afterLabel => TakeOperator(),
            _ => TakeWord(),
        };
    }

    /// <summary>What stands at a position, for an error message.</summary>
    public readonly string Excerpt(int position)
    {
        var rest = _input[position..];
        int length = 0;
        while (length < rest.Length && length < 20 && rest[length] is not (' ' or '\t')) length++;
        return rest[..length].ToString();
    }

    private readonly char Second() => _next + 1 < _input.Length ? _input[_next + 1] : '\0';

    private SelectorToken Take(int length, SelectorToken kind)
    {
        _next += length;
        return kind;
    }

    private SelectorToken TakePair(char second, SelectorToken kind, string expected) =>
        Second() == second ? Take(2, kind) : Fail(_next, expected);

    private SelectorToken Fail(int position, string expected)
    {
        Position = position;
        Expected = expected;
        return SelectorToken.Invalid;
    }

    private SelectorToken TakeText(char quote)
    {
        int length = _input[(_next + 1)..].IndexOf(quote);
        if (length < 0) return Fail(_input.Length, $"a closing {quote}");
        Value = _input.Slice(_next + 1, length);
        return Take(length + 2, SelectorToken.Text);
    }

    private SelectorToken TakeOperator()
    {
        if (TryWords("contains", "")) return SelectorToken.Contains;
        if (TryWords("starts", "with")) return SelectorToken.StartsWith;
        if (TryWords("ends", "with")) return SelectorToken.EndsWith;
        if (TryWords("not", "in")) return SelectorToken.NotIn;
        if (TryWords("in", "")) return SelectorToken.In;
        return Fail(_next, "an operator (==, !=, in, not in, contains, starts with, ends with)");
    }

    /// <summary>One or two words, with or without blanks between them, ending at a word boundary.</summary>
    private bool TryWords(string first, string second)
    {
        int at = _next;
        if (!_input[at..].StartsWith(first)) return false;
        at += first.Length;
        if (second.Length > 0)
        {
            while (at < _input.Length && IsBlank(_input[at])) at++;
            if (!_input[at..].StartsWith(second)) return false;
            at += second.Length;
        }
        if (at < _input.Length && IsLabelCharacter(_input[at])) return false;
        _next = at;
        return true;
    }

    private SelectorToken TakeWord()
    {
        if (TryCall("has(")) return TakeHas();
        if (TryCall("all(")) return TakeClosing(SelectorToken.All);
        if (TryCall("global(")) return TakeClosing(SelectorToken.Global);
        return TakeLabel() ? SelectorToken.Label : SelectorToken.Invalid;
    }

    private SelectorToken TakeHas()
    {
        SkipBlanks();
        return TakeLabel() ? TakeClosing(SelectorToken.Has) : SelectorToken.Invalid;
    }

    private SelectorToken TakeClosing(SelectorToken kind)
    {
        SkipBlanks();
        return _next < _input.Length && _input[_next] == ')' ? Take(1, kind) : Fail(_next, "')'");
    }

    private bool TryCall(string name)
    {
        if (!_input[_next..].StartsWith(name)) return false;
        _next += name.Length;
        return true;
    }

    private bool TakeLabel()
    {
        var rest = _input[_next..];
        int length = rest.IndexOfAnyExcept(_labelCharacters);
        if (length < 0) length = rest.Length;
        if (length is 0 or > MaxLabelLength)
        {
            Fail(_next, length == 0 ? "a label name" : $"a label name of at most {MaxLabelLength} characters");
            return false;
        }
        Value = _input.Slice(_next, length);
        _next += length;
        return true;
    }

    private void SkipBlanks()
    {
        while (_next < _input.Length && IsBlank(_input[_next])) _next++;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';

    /// <summary>The characters of label names.</summary>
    internal static bool IsLabelCharacter(char c) => _labelCharacters.Contains(c);
}
