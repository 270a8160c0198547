using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Margay.Model.Selectors;

/// <summary>
/// Recursive descent over the tokens: <c>or := and ('||' and)*</c>, <c>and := term ('&amp;&amp;' term)*</c>,
/// <c>term := '!'* (comparison | call | '(' or ')')</c>. Depth is bounded, so no text can exhaust the stack.
/// </summary>
internal ref struct SelectorParser
{
    /// <summary>The largest height of a parsed selector. Its canonical text nests no deeper, so that it parses again.</summary>
    internal const int MaxHeight = 100;

    private const int MaxParentheses = 400;

    private SelectorLexer _lexer;
    private int _parentheses;
    private SelectorError _error;

    private SelectorParser(ReadOnlySpan<char> text)
    {
        _lexer = new SelectorLexer(text);
        _lexer.Read();
    }

    /// <summary>Parses a whole text. An empty or blank one selects everything, as <c>all()</c> does.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SelectorNode? root, out SelectorError error)
    {
        var parser = new SelectorParser(text);
        root = parser._lexer.Kind == SelectorToken.End ? new SelectAll() : parser.ParseOr();
        if (root is not null && parser._lexer.Kind != SelectorToken.End)
        {
            parser.Fail("'&&', '||' or the end of the selector");
            root = null;
        }
        error = parser._error;
        return root is not null;
    }

    private SelectorNode? ParseOr() => ParseList(SelectorToken.Or);

    private SelectorNode? ParseList(SelectorToken separator)
    {
        if (ParseOperand(separator) is not { } first) return null;
        if (_lexer.Kind != separator) return first;
        var operands = ImmutableArray.CreateBuilder<SelectorNode>();
        operands.Add(first);
        while (_lexer.Kind == separator)
        {
            _lexer.Read();
            if (ParseOperand(separator) is not { } next) return null;
            operands.Add(next);
        }
        var list = operands.ToImmutable();
        return Bounded(separator == SelectorToken.Or ? new SelectorOr(list) : new SelectorAnd(list));
    }

    private SelectorNode? ParseOperand(SelectorToken separator) =>
        separator == SelectorToken.Or ? ParseList(SelectorToken.And) : ParseTerm();

    private SelectorNode? ParseTerm()
    {
        bool negated = false;
        while (_lexer.Kind == SelectorToken.Not)
        {
            negated = !negated;
            _lexer.Read();
        }
        var term = _lexer.Kind switch
        {
            SelectorToken.Label => ParseComparison(),
            SelectorToken.Has => Single(new LabelExists(LabelNames.Of(_lexer.Value))),
            SelectorToken.All => Single(new SelectAll()),
            SelectorToken.Global => Single(new SelectGlobal()),
            SelectorToken.OpenParen => ParseParentheses(),
            _ => Fail("a label name, has(), all(), global(), '!' or '('"),
        };
        if (!negated || term is null) return term;
        // "!(!x)" is "x": printed as "!!x" it would come back as that.
        return term is SelectorNot inner ? inner.Operand : Bounded(new SelectorNot(term));
    }

    private SelectorNode Single(SelectorNode node)
    {
        _lexer.Read();
        return node;
    }

    private SelectorNode? ParseParentheses()
    {
        if (++_parentheses > MaxParentheses) return Fail($"at most {MaxParentheses} nested parentheses");
        _lexer.Read();
        var inner = ParseOr();
        if (inner is null) return null;
        if (_lexer.Kind != SelectorToken.CloseParen) return Fail("'&&', '||' or ')'");
        _parentheses--;
        _lexer.Read();
        return inner;
    }

    private SelectorNode? ParseComparison()
    {
        string key = LabelNames.Of(_lexer.Value);
        _lexer.Read();
        var op = _lexer.Kind;
        if (op is < SelectorToken.Equal or > SelectorToken.EndsWith)
            return Fail("an operator (==, !=, in, not in, contains, starts with, ends with)");
        _lexer.Read();
        if (op is SelectorToken.In or SelectorToken.NotIn) return ParseSet(key, op);
        if (_lexer.Kind != SelectorToken.Text) return Fail("a quoted string");
        string value = _lexer.Value.ToString();
        return Single(op switch
        {
            SelectorToken.Equal => new LabelEquals(key, value),
            SelectorToken.NotEqual => new LabelNotEquals(key, value),
            SelectorToken.Contains => new LabelContains(key, value),
            SelectorToken.StartsWith => new LabelStartsWith(key, value),
            _ => new LabelEndsWith(key, value),
        });
    }

    /// <summary>Values in braces; the list may be empty and may end with a comma, as upstream's may.</summary>
    private SelectorNode? ParseSet(string key, SelectorToken op)
    {
        if (_lexer.Kind != SelectorToken.OpenBrace) return Fail("'{'");
        _lexer.Read();
        var values = new List<string>();
        while (_lexer.Kind == SelectorToken.Text)
        {
            values.Add(_lexer.Value.ToString());
            _lexer.Read();
            if (_lexer.Kind != SelectorToken.Comma) break;
            _lexer.Read();
        }
        if (_lexer.Kind != SelectorToken.CloseBrace) return Fail("a quoted string, ',' or '}'");
        var set = SortedValues(values);
        return Single(op == SelectorToken.In ? new LabelIn(key, set) : new LabelNotIn(key, set));
    }

    /// <summary>Distinct, in ordinal order.</summary>
    internal static ImmutableArray<string> SortedValues(IEnumerable<string> values) =>
        [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private SelectorNode? Bounded(SelectorNode node) =>
        node.Height <= MaxHeight ? node : Fail($"at most {MaxHeight} nested expressions");

    private SelectorNode? Fail(string expected)
    {
        // An invalid token knows better than the grammar what is wrong with it.
        if (_lexer.Kind == SelectorToken.Invalid) expected = _lexer.Expected;
        _error = new SelectorError(_lexer.Position, expected, _lexer.Excerpt(_lexer.Position));
        return null;
    }
}
