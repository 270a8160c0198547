using System.Globalization;
using Margay.Model.Selectors;
using Margay.Policy.Labels;

namespace Margay.Bench.Policy.Labels;

/// <summary>Felix's three benchmarks of its label index, and one pod relabelled back and forth.</summary>
internal static class LabelIndexFigures
{
    private sealed class Listener : IMatchListener
    {
        public int Last;

        public void MatchStarted(int selector, int item) => Last = item;

        public void MatchStopped(int selector, int item) => Last = item;
    }

    public static void Run()
    {
        Console.WriteLine("| label index | ns | bytes | Felix ns | faster by |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (selectors, felix) in ((int, double)[])[(10, 7_719), (100, 21_936), (1_000, 197_367), (10_000, 4_139_285)])
        {
            Print($"endpoint added, {selectors} selectors", WorkloadUpdate(selectors), felix);
            Print($"endpoint relabelled, {selectors} selectors", Relabel(selectors), felix);
        }
        foreach (var (endpoints, felix) in ((int, double)[])[(100, 7_232), (1_000, 7_148), (10_000, 6_750), (100_000, 8_704)])
            Print($"profile changed, {endpoints} endpoints, one of them in it", ParentUpdate(endpoints, 1), felix);
        Print("profile changed, 1,000 endpoints in it, per endpoint", ParentUpdate(100_000, 1_000), null);
        foreach (var (endpoints, felix) in ((int, double)[])[(100, 12_533), (1_000, 83_755), (10_000, 891_749), (100_000, 13_862_397)])
            Print($"selector added, {endpoints} endpoints, one in ten matches all", SelectorUpdate(endpoints, false), felix);
        Print("selector added, 100,000 endpoints, matches 10", SelectorUpdate(100_000, true), null);
    }

    /// <summary>Every operation adds an endpoint that one selector matches.</summary>
    private static (double, double) WorkloadUpdate(int count)
    {
        var (index, pool) = WithSelectors(count);
        var labels = LabelSet.Create(pool, [new("alpha", "beta"), new("ipset-1", "true")]);
        return Measure.Each(100_000, n => index.SetItem(n, labels));
    }

    /// <summary>One endpoint goes from one selector to another, and its labels are new to the index each time.</summary>
    private static (double, double) Relabel(int count)
    {
        var (index, pool) = WithSelectors(count);
        LabelSet[] labels = [.. Enumerable.Range(0, 8).Select(i => LabelSet.Create(pool, [new("alpha", "beta"), new($"ipset-{i}", "true")]))];
        for (int i = 0; i < 16; i++) index.SetItem(0, labels[i % 8]);
        return Measure.Each(100_000, n => index.SetItem(0, labels[n % 8]));
    }

    private static (LabelIndex Index, LabelPool Pool) WithSelectors(int count)
    {
        var pool = new LabelPool();
        var index = new LabelIndex(new Listener());
        for (int i = 0; i < count; i++)
            index.AddSelector(i, CompiledSelector.Compile(Selector.Parse($"alpha == \"beta\" && has(ipset-{i})"), pool));
        return (index, pool);
    }

    /// <summary>A profile of some endpoints gets other labels; 100 selectors ask for such labels.</summary>
    private static (double, double) ParentUpdate(int endpoints, int inProfile)
    {
        var pool = new LabelPool();
        var index = new LabelIndex(new Listener());
        var own = LabelSet.Create(pool, [new("alpha", "beta"), new("ipset-1", "true")]);
        var heirs = new IdSet[endpoints / inProfile];
        for (int n = 0; n < endpoints; n++)
        {
            index.SetItem(n, own);
            (heirs[n / inProfile] ??= new IdSet()).Add(n);
        }
        for (int i = 0; i < 100; i++)
            index.AddSelector(i, CompiledSelector.Compile(Selector.LabelIs("projectcalico.org/name", $"namespace-{i}"), pool));
        string[] names = [.. Enumerable.Range(0, heirs.Length).Select(i => $"namespace-{i}")];
        string[] updates = [.. Enumerable.Range(0, 500_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        int rounds = inProfile == 1 ? 100_000 : 200;
        var (ns, bytes) = Measure.Each(rounds, n =>
        {
            int profile = n % heirs.Length;
            var labels = LabelSet.Create(pool, [new("projectcalico.org/name", names[profile]), new("update-idx", updates[n % updates.Length]), new("something-shared", "foo")]);
            index.Reparent(new SmallIdSet(heirs[profile]), [labels]);
        });
        return (ns / inProfile, bytes / inProfile);
    }

    private static (double, double) SelectorUpdate(int endpoints, bool selective)
    {
        var pool = new LabelPool();
        var index = new LabelIndex(new Listener());
        for (int n = 0; n < endpoints; n++)
            index.SetItem(n, LabelSet.Create(pool, [new("alpha", "beta"), new("ipset-1", "true"), new("app", $"app-{n / 10}")]));
        Selector[] selectors = [.. Enumerable.Range(0, 10).Select(i => Selector.Parse(selective ? $"alpha == \"beta\" && app == \"app-{i}\"" : $"alpha == \"beta\" && has(ipset-{i})"))];
        // The first selector that asks for a label name makes the index collect it from all classes; here they all have been asked for.
        for (int i = 0; i < 10; i++) index.AddSelector(i, CompiledSelector.Compile(selectors[i], pool));
        return Measure.Each(200, n => index.AddSelector(10 + n, CompiledSelector.Compile(selectors[n % 10], pool)));
    }

    private static void Print(string what, (double Ns, double Bytes) figures, double? felix)
    {
        string peer = felix is { } f ? $"{f:N0} | {f / figures.Ns:N0}x" : "- | -";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {figures.Ns:N0} | {figures.Bytes:N0} | {peer} |"));
    }
}
