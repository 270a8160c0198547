using System.Text;
using CsCheck;
using Margay.Model.Selectors;
using Xunit;

namespace Margay.Model.Tests.Selectors;

/// <summary>Properties over random selectors: parsing, printing, and evaluation against a twin that knows only the text.</summary>
public sealed class SelectorProperties
{
    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "c.d/e-f_g", "in", "has", "not", "all");
    private static readonly Gen<string> Value = Gen.OneOf("", "x", "xy", "yx", "a b", "it's", "say \"x\"", "&&", ")");
    private static readonly Gen<string> Blank = Gen.OneOf("", " ", "\t", "  ");

    private static readonly Gen<Dictionary<string, string>> Labels =
        Gen.Select(Key, Value).List[0, 5].Select(pairs => pairs.GroupBy(p => p.Item1).ToDictionary(g => g.Key, g => g.First().Item2));

    /// <summary>A selector as text in any formatting, together with what it means.</summary>
    private sealed record Sample(string Text, Func<Dictionary<string, string>, bool> Means);

    private static string Quote(string value, bool single) =>
        value.Contains('"', StringComparison.Ordinal) || (single && !value.Contains('\'', StringComparison.Ordinal)) ? $"'{value}'" : $"\"{value}\"";

    private static readonly Gen<Sample> Leaf = Gen.Select(Gen.Int[0, 9], Key, Value.List[0, 3], Value, Gen.Bool, Blank).Select((form, key, set, value, single, blank) =>
    {
        string quoted = Quote(value, single);
        string members = "{" + blank + string.Join(blank + "," + blank, set.Select(v => Quote(v, !single))) + "}";
        return form switch
        {
            0 => new Sample($"{key}{blank}=={blank}{quoted}", l => l.TryGetValue(key, out var v) && v == value),
            1 => new Sample($"{key}{blank}!={blank}{quoted}", l => !(l.TryGetValue(key, out var v) && v == value)),
            2 => new Sample($"{key} in{blank}{members}", l => l.TryGetValue(key, out var v) && set.Contains(v)),
            3 => new Sample($"{key} not{blank}in{blank}{members}", l => !(l.TryGetValue(key, out var v) && set.Contains(v))),
            4 => new Sample($"has({blank}{key}{blank})", l => l.ContainsKey(key)),
            5 => new Sample($"{key} contains{blank}{quoted}", l => l.TryGetValue(key, out var v) && v.Contains(value, StringComparison.Ordinal)),
            6 => new Sample($"{key} starts{blank}with{blank}{quoted}", l => l.TryGetValue(key, out var v) && v.StartsWith(value, StringComparison.Ordinal)),
            7 => new Sample($"{key} ends{blank}with{blank}{quoted}", l => l.TryGetValue(key, out var v) && v.EndsWith(value, StringComparison.Ordinal)),
            8 => new Sample($"all({blank})", _ => true),
            _ => new Sample("global()", _ => true),
        };
    });

    private static readonly Gen<Sample> Samples = Gen.Recursive<Sample>((depth, inner) => depth > 4 ? Leaf : Gen.OneOf(
        Leaf,
        Gen.Select(inner, Blank).Select((s, b) => new Sample($"!{b}({b}{s.Text}{b})", l => !s.Means(l))),
        Gen.Select(Leaf, Blank).Select((s, b) => new Sample($"!{b}!{b}!{s.Text}", l => !s.Means(l))),
        inner.List[2, 4].Select(list => new Sample(string.Join(" && ", list.Select(s => $"({s.Text})")), l => list.All(s => s.Means(l)))),
        Leaf.List[2, 4].Select(list => new Sample("(" + string.Join("||", list.Select(s => s.Text)) + ")", l => list.Any(s => s.Means(l)))),
        Gen.Select(Leaf, Leaf, inner).Select((a, b, c) =>
            new Sample($"{a.Text} && {b.Text} || ({c.Text})", l => (a.Means(l) && b.Means(l)) || c.Means(l)))));

    [Fact]
    public void Evaluates_as_a_naive_twin() =>
        Gen.Select(Samples, Labels.List[1, 8]).Sample((sample, several) =>
        {
            var selector = Selector.Parse(sample.Text);
            return several.All(labels => selector.Evaluate(labels) == sample.Means(labels));
        }, iter: 5000);

    [Fact]
    public void Comes_back_from_its_own_text() =>
        Gen.Select(Samples, Labels).Sample((sample, labels) =>
        {
            var selector = Selector.Parse(sample.Text);
            var again = Selector.Parse(selector.ToString());
            return again.Equals(selector) && again.ToString() == selector.ToString()
                && again.Evaluate(labels) == selector.Evaluate(labels);
        }, iter: 5000);

    [Fact]
    public void Never_throws_on_any_text() =>
        Gen.OneOf(
            Gen.String,
            Gen.OneOf("a", "'", "\"", "(", ")", "{", "}", "!", "=", "==", "&&", "||", "|", ",", " ", "has(", "all()", "in", "not", "starts with", "x")
                .Array[0, 30].Select(string.Concat)).Sample(text =>
        {
            bool parsed = Selector.TryParse(text, out var selector, out var error);
            return parsed ? selector is not null : selector is null && error.Position >= 0 && error.Position <= text.Length && error.ToString().Length > 0;
        }, iter: 20000);

    [Fact]
    public void Damaged_text_is_refused_or_still_means_something() =>
        Gen.Select(Samples, Gen.Int[0, 1000], Gen.Char.AlphaNumeric).Sample((sample, at, c) =>
        {
            var text = new StringBuilder(sample.Text);
            text[at % text.Length] = c;
            if (Selector.TryParse(text.ToString(), out var selector, out _)) Assert.Equal(selector, Selector.Parse(selector.ToString()));
        }, iter: 5000);
}
