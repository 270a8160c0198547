using Margay.Model.Selectors;
using Xunit;

namespace Margay.Model.Tests.Selectors;

public sealed class SelectorTests
{
    private static Dictionary<string, string> Labels(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);

    [Theory]
    [InlineData("", "", true)]
    [InlineData(" \t", "a=b", true)]
    [InlineData("all()", "", true)]
    [InlineData("all( )", "", true)]
    [InlineData("global()", "a=b", true)]
    [InlineData("a == 'b'", "a=b", true)]
    [InlineData("a == \"b\"", "a=c", false)]
    [InlineData("a == 'b'", "", false)]
    [InlineData("a=='b'", "a=b", true)]
    [InlineData("a != 'b'", "a=b", false)]
    [InlineData("a != 'b'", "a=c", true)]
    [InlineData("a != 'b'", "", true)]
    [InlineData("a in {'x', \"y\"}", "a=y", true)]
    [InlineData("a in {'x','y',}", "a=z", false)]
    [InlineData("a in {}", "a=z", false)]
    [InlineData("a in{'x'}", "", false)]
    [InlineData("a not in {'x', 'y'}", "a=x", false)]
    [InlineData("a not in {'x'}", "", true)]
    [InlineData("a notin {'x'}", "a=y", true)]
    [InlineData("a not in {}", "a=y", true)]
    [InlineData("has(a)", "a=", true)]
    [InlineData("has( a )", "b=a", false)]
    [InlineData("!has(a)", "b=a", true)]
    [InlineData("! !has(a)", "b=a", false)]
    [InlineData("a contains 'b'", "a=abc", true)]
    [InlineData("a contains 'b'", "", false)]
    [InlineData("a starts with 'ab'", "a=abc", true)]
    [InlineData("a startswith 'b'", "a=abc", false)]
    [InlineData("a ends with 'bc'", "a=abc", true)]
    [InlineData("a ends  with 'b'", "a=abc", false)]
    [InlineData("a == 'x' && b == 'y'", "a=x,b=y", true)]
    [InlineData("a == 'x' && b == 'y'", "a=x", false)]
    [InlineData("a == 'x' || b == 'y'", "b=y", true)]
    [InlineData("a == 'x' || b == 'y' && c == 'z'", "a=x", true)]
    [InlineData("(a == 'x' || b == 'y') && c == 'z'", "a=x", false)]
    [InlineData("!a == 'x' && b == 'y'", "b=y", true)]
    [InlineData("!(a == 'x' || b == 'y')", "b=y", false)]
    [InlineData("app.kubernetes.io/name-x_y == 'v'", "app.kubernetes.io/name-x_y=v", true)]
    [InlineData("in in {'in'}", "in=in", true)]
    [InlineData("has == 'x'", "has=x", true)]
    [InlineData("all != 'x'", "all=x", false)]
    [InlineData("not not in {'x'}", "not=x", false)]
    [InlineData("contains contains 'x'", "contains=axb", true)]
    [InlineData("1 == '2'", "1=2", true)]
    [InlineData("!(a in {'x','y'})", "a=x", false)]
    [InlineData("!(a in {'x','y'})", "", true)]
    [InlineData("!(a not in {'x','y'})", "", false)]
    [InlineData("!(a != 'x')", "", false)]
    [InlineData("!(a == 'x')", "", true)]
    [InlineData("a == 'x' || a == 'x' || a == 'y'", "a=y", true)]
    [InlineData("a in {'x','y'} && a in {'x','z'}", "a=y", false)]
    [InlineData("!(a == 'x' && !b != 'y') || !(a == 'x' && !b != 'y')", "a=x,b=y", false)]
    [InlineData("!(a == 'x' && !b != 'y') || !(a == 'x' && !b != 'z')", "a=x,b=y", true)]
    public void Matches_labels_as_the_language_says(string selector, string labels, bool expected)
    {
        Assert.Equal(expected, Selector.Parse(selector).Evaluate(Labels(labels)));
    }

    [Theory]
    [InlineData("", "all()")]
    [InlineData(" (all() )", "all()")]
    [InlineData("! (has( b)||! has(a ))", "!(has(b) || !has(a))")]
    [InlineData("! (a == \"b\"&&! c != \"d\")", "!(a == \"b\" && !c != \"d\")")]
    [InlineData("a == \"'\"", "a == \"'\"")]
    [InlineData("a == '\"'", "a == '\"'")]
    [InlineData("a startswith '\"'", "a starts with '\"'")]
    [InlineData("a endswith \"'\"", "a ends with \"'\"")]
    [InlineData("a contains 'x'", "a contains \"x\"")]
    [InlineData("a!='x'", "a != \"x\"")]
    [InlineData("a in {'z','z','x'}", "a in {\"x\", \"z\"}")]
    [InlineData("a notin {'z' , 'B'}", "a not in {\"B\", \"z\"}")]
    [InlineData("a in {}", "a in {}")]
    [InlineData("a=='x'&&b=='y'||has(c)", "((a == \"x\" && b == \"y\") || has(c))")]
    [InlineData("!(!has(a))", "has(a)")]
    [InlineData("!!has(a)", "has(a)")]
    [InlineData("((a=='x'))", "a == \"x\"")]
    public void Has_one_canonical_text(string selector, string canonical)
    {
        var parsed = Selector.Parse(selector);
        Assert.Equal(canonical, parsed.ToString());
        Assert.Equal(parsed, Selector.Parse(canonical));
        Assert.Equal(parsed.GetHashCode(), Selector.Parse(canonical).GetHashCode());
    }

    [Theory]
    [InlineData("b == b", 5, "a quoted string", "b")]
    [InlineData("b contains b", 11, "a quoted string", "b")]
    [InlineData("'b1' == b", 0, "a label name, has(), all(), global(), '!' or '('", "'b1'")]
    [InlineData("b", 1, "an operator (==, !=, in, not in, contains, starts with, ends with)", "")]
    [InlineData("a b", 2, "an operator (==, !=, in, not in, contains, starts with, ends with)", "b")]
    [InlineData("a inx {'b'}", 2, "an operator (==, !=, in, not in, contains, starts with, ends with)", "inx")]
    [InlineData("a && has(b)", 2, "an operator (==, !=, in, not in, contains, starts with, ends with)", "&&")]
    [InlineData("!", 1, "a label name, has(), all(), global(), '!' or '('", "")]
    [InlineData("foo == 'bar' &", 13, "'&&'", "&")]
    [InlineData("foo == 'bar' |", 13, "'||'", "|")]
    [InlineData("foo = 'bar'", 4, "'=='", "=")]
    [InlineData("foo in {'', ||", 12, "a quoted string, ',' or '}'", "||")]
    [InlineData("foo in ''", 7, "'{'", "''")]
    [InlineData("a == \"FOO'", 10, "a closing \"", "")]
    [InlineData("(", 1, "a label name, has(), all(), global(), '!' or '('", "")]
    [InlineData("(a == 'b'", 9, "'&&', '||' or ')'", "")]
    [InlineData("a == 'b')", 8, "'&&', '||' or the end of the selector", ")")]
    [InlineData("a == 'b' has(c)", 9, "'&&', '||' or the end of the selector", "has(c)")]
    [InlineData("%", 0, "a label name", "%")]
    [InlineData("has(%)", 4, "a label name", "%)")]
    [InlineData("has(a", 5, "')'", "")]
    [InlineData("has (a)", 4, "an operator (==, !=, in, not in, contains, starts with, ends with)", "(a)")]
    [InlineData("all(x)", 4, "')'", "x)")]
    [InlineData("a == 'b'\n", 8, "a label name", "\n")]
    public void Says_where_a_text_is_wrong_and_what_was_expected(string selector, int position, string expected, string found)
    {
        Assert.False(Selector.TryParse(selector, out var parsed, out var error));
        Assert.Null(parsed);
        Assert.Equal(new SelectorError(position, expected, found), error);
        Assert.Throws<FormatException>(() => Selector.Parse(selector));
    }

    [Fact]
    public void Limits_label_names_and_depth_instead_of_failing_on_them()
    {
        Assert.True(Selector.TryParse(new string('a', 512) + " == 'b'", out _, out _));
        Assert.False(Selector.TryParse(new string('a', 513) + " == 'b'", out _, out _));
        Assert.True(Selector.TryParse(new string('!', 100_001) + "has(a)", out var many, out _));
        Assert.Equal("!has(a)", many.ToString());
        Assert.False(Selector.TryParse(new string('(', 1_000_000), out _, out _));
        Assert.False(Selector.TryParse(Nested(400), out _, out var error));
        Assert.Contains("nested", error.Expected, StringComparison.Ordinal);
        Assert.True(Selector.TryParse(Nested(49), out var deep, out _));
        Assert.Equal(deep, Selector.Parse(deep.ToString()));

        static string Nested(int depth) =>
            string.Concat(Enumerable.Repeat("(has(a) || has(b) && ", depth)) + "has(c)" + new string(')', depth);
    }

    [Fact]
    public void Prefixes_labels_and_gives_scopes_a_meaning()
    {
        var selector = Selector.Parse("k == 'v' && !(has(x) || all()) || a in {'b'} && global()");
        Assert.Equal("((p.k == \"v\" && !(has(p.x) || all())) || (p.a in {\"b\"} && global()))", selector.WithPrefix("p.").ToString());
        Assert.Equal(
            "((k == \"v\" && !(has(x) || has(n))) || (a in {\"b\"} && !has(n)))",
            selector.WithScopes(Selector.HasLabel("n"), Selector.Not(Selector.HasLabel("n"))).ToString());
    }

    [Fact]
    public void Combines_and_drops_all_from_conjunctions()
    {
        var a = Selector.Parse("has(a)");
        Assert.Same(a, Selector.And(a, Selector.All));
        Assert.Same(a, Selector.And(Selector.Parse(""), a));
        Assert.Equal("(has(a) && b == \"c\")", Selector.And(a, Selector.LabelIs("b", "c")).ToString());
        Assert.Equal(a, Selector.Not(Selector.Not(a)));
    }

    [Fact]
    public void Evaluates_without_allocation()
    {
        var selector = Selector.Parse("a in {'x','y','z'} && (b contains 'q' || !has(c)) && d != 'e' && a starts with 'z'");
        var labels = new DictionaryLabels(new Dictionary<string, string> { ["a"] = "z", ["b"] = "aqa" });
        Assert.True(selector.Evaluate(labels));
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool all = true;
        for (int i = 0; i < 1000; i++) all &= selector.Evaluate(labels);
        Assert.True(all);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
