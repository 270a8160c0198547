using System.Globalization;
using Margay.Model.Selectors;
using Margay.Policy.Labels;

namespace Margay.Bench.Policy.Labels;

/// <summary>Parsing and evaluating the selectors that Felix was measured with.</summary>
internal static class SelectorFigures
{
    private const string Long = "! (a == \"b\"&& ! c != \"d\") || !(a == \"b\" && !c != \"d\")";

    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["a"] = "b", ["c"] = "d", ["alpha"] = "beta", ["one-in-10"] = "value-3", ["one-in-11"] = "value-4", ["tier"] = "backend",
        ["region"] = "us-east", ["team"] = "growth", ["environment"] = "prod", ["managed-by"] = "saas-controller",
    };

    public static void Run()
    {
        Console.WriteLine("| selector | ns | bytes | Felix ns | faster by |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        Print("parse", Long, Measure.Each(100_000, _ => Selector.Parse(Long)), 3980);
        Evaluate(Long, 231);
        Evaluate("has(alpha)", 57);
        Evaluate("alpha == \"beta\" && has(ipset-7)", 105);
        Evaluate("tier in {\"frontend\",\"backend\"} && region == \"us-east\" && environment != \"dev\"", 174);
    }

    private static void Evaluate(string text, double felix)
    {
        var selector = Selector.Parse(text);
        bool last = false;
        Print("evaluate", text, Measure.Each(1_000_000, _ => last ^= selector.Evaluate(new DictionaryLabels(Labels))), felix);
        var pool = new LabelPool();
        var compiled = CompiledSelector.Compile(selector, pool);
        var labels = LabelSet.Create(pool, Labels);
        Print("evaluate as program", text, Measure.Each(1_000_000, _ => last ^= compiled.Matches(labels.Labels)), felix);
        GC.KeepAlive(last);
    }

    private static void Print(string what, string text, (double Ns, double Bytes) figures, double felix) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} `{text.Replace("|", "\\|", StringComparison.Ordinal)}` | {figures.Ns:N0} | {figures.Bytes:N0} | {felix:N0} | {felix / figures.Ns:F1}x |"));
}
