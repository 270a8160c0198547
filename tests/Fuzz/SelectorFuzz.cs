using Margay.Model.Selectors;
using Margay.Policy.Tests.Twin;
using Xunit;

namespace Margay.Fuzz.Tests;

public sealed class SelectorFuzz
{
    private static readonly string[] _words =
    [
        "a == 'b'", "a != \"b\"", "has(a)", "!has(b)", "all()", "global()", "a in {'b', 'c'}", "a not in {}", "a contains 'b'", "a starts with 'b'",
        "a ends with 'b'", "a notin {'b',}", "(", ")", " && ", " || ", "!", "in", "not", "has(", "all(", "k8s.io/a-b_c", "'", "\"",
    ];

    private static readonly Dictionary<string, string>[] _labels = [[], new() { ["a"] = "b" }, new() { ["a"] = "cb", ["b"] = "" }, new() { ["in"] = "x", ["k8s.io/a-b_c"] = "'" }];

    [Fact]
    public void Any_text_is_a_selector_or_an_error_and_prints_as_itself() => new FuzzRun("selector", _words, Check).Start();

    private static void Check(string text)
    {
        if (!Selector.TryParse(text, out var selector, out var error))
        {
            Assert.InRange(error.Position, 0, text.Length);
            Assert.NotEmpty(error.ToString());
            return;
        }
        string printed = selector.ToString();
        Assert.True(Selector.TryParse(printed, out var again, out _), printed);
        Assert.Equal(printed, again.ToString());
        _ = selector.WithPrefix("pcns.").WithScopes(Selector.HasLabel("x"), Selector.Not(Selector.HasLabel("x"))).ToString();
        foreach (var labels in _labels)
        {
            bool answer = selector.Evaluate(labels);
            Assert.Equal(answer, again.Evaluate(labels));
            Assert.Equal(answer, TwinSelector.Matches(text, key => labels.GetValueOrDefault(key)));
        }
    }
}
