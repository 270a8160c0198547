using CsCheck;
using Margay.Model.Selectors;
using Margay.Policy.Labels;
using Xunit;

namespace Margay.Policy.Tests.Labels;

/// <summary>
/// The index against two twins: one that compares every selector with every item after every step, and the plain index with
/// texts and dictionaries, which is told of the same things and must tell the same.
/// </summary>
public sealed class LabelIndexProperties
{
    private sealed class Listener : IMatchListener
    {
        public readonly HashSet<(int Selector, int Item)> Matches = [];

        public void MatchStarted(int selector, int item) => Assert.True(Matches.Add((selector, item)));

        public void MatchStopped(int selector, int item) => Assert.True(Matches.Remove((selector, item)));
    }

    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "c", "d");
    private static readonly Gen<string> Value = Gen.OneOf("", "x", "xy", "z");

    private static readonly Gen<string> Term = Gen.Select(Gen.Int[0, 8], Key, Value, Value).Select((form, k, v, w) => form switch
    {
        0 => $"{k} == '{v}'",
        1 => $"{k} != '{v}'",
        2 => $"{k} in {{'{v}','{w}'}}",
        3 => $"{k} not in {{'{v}','{w}'}}",
        4 => $"has({k})",
        5 => $"!has({k})",
        6 => $"{k} starts with '{v}'",
        7 => $"{k} contains '{v}'",
        _ => $"{k} in {{}}",
    });

    private static readonly Gen<string> Selectors = Gen.OneOf(
        Term,
        Gen.Const("all()"),
        Term.List[2, 3].Select(t => string.Join(" && ", t)),
        Term.List[2, 3].Select(t => string.Join(" || ", t)),
        Gen.Select(Term, Term, Term).Select((a, b, c) => $"{a} && ({b} || !({c}))"));

    private static readonly Gen<Dictionary<string, string>> Labels = Gen.Select(Key, Value).List[0, 4]
        .Select(l => l.GroupBy(p => p.Item1).ToDictionary(g => g.Key, g => g.First().Item2));

    private static readonly Gen<(int What, int Id, string Selector, Dictionary<string, string> Labels)> Step =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7], Selectors, Labels);

    [Fact]
    public void Knows_what_a_naive_twin_knows_after_every_step() => Step.List[1, 60].Sample(steps =>
    {
        var pool = new LabelPool();
        var listener = new Listener();
        var index = new LabelIndex(listener);
        var plainListener = new Listener();
        var plain = new PlainLabelIndex(plainListener);
        var items = new Dictionary<int, Dictionary<string, string>>();
        var selectors = new Dictionary<int, Selector>();
        foreach (var (what, id, text, labels) in steps)
        {
            switch (what)
            {
                case < 5:
                    items[id] = labels;
                    index.SetItem(id, LabelSet.Create(pool, labels));
                    plain.SetItem(id, labels);
                    break;
                case 5:
                    items.Remove(id);
                    index.RemoveItem(id);
                    plain.RemoveItem(id);
                    break;
                case 6:
                    if (!selectors.Remove(id)) break;
                    index.RemoveSelector(id);
                    plain.RemoveSelector(id);
                    listener.Matches.RemoveWhere(m => m.Selector == id);
                    plainListener.Matches.RemoveWhere(m => m.Selector == id);
                    break;
                default:
                    if (!selectors.TryAdd(id, Selector.Parse(text))) break;
                    index.AddSelector(id, CompiledSelector.Compile(selectors[id], pool));
                    plain.AddSelector(id, selectors[id]);
                    break;
            }
            var expected = from s in selectors from i in items where s.Value.Evaluate(i.Value) select (s.Key, i.Key);
            Assert.Equal(expected.Order(), listener.Matches.Order());
            Assert.Equal(listener.Matches.Order(), plainListener.Matches.Order());
            foreach (int s in selectors.Keys)
            {
                Assert.Equal(plain.ItemsOf(s).ToArray(), index.ItemsOf(s).ToArray());
                Assert.Equal(index.ItemsOf(s).ToArray().Length, index.ItemsOf(s).Count);
                Assert.Equal(listener.Matches.Where(m => m.Selector == s).Select(m => m.Item).Order(), index.ItemsOf(s).ToArray());
            }
            for (int i = 0; i < 8; i++)
            {
                Assert.Equal(items.ContainsKey(i), index.HasItem(i));
                Assert.Equal(listener.Matches.Where(m => m.Item == i).Select(m => m.Selector).Order(), index.SelectorsOf(i).ToArray());
                foreach (int s in selectors.Keys) Assert.Equal(listener.Matches.Contains((s, i)), index.Matches(s, i));
            }
        }
    }, iter: 2000);

    [Fact]
    public void Id_sets_are_sets_in_either_shape() => Gen.Select(Gen.Int[0, 700], Gen.Bool).List[0, 2000].Sample(steps =>
    {
        var set = new IdSet();
        var twin = new SortedSet<int>();
        foreach (var (id, add) in steps)
            Assert.Equal(add ? twin.Add(id) : twin.Remove(id), add ? set.Add(id) : set.Remove(id));
        // Through the limit upwards and far below it again.
        for (int id = 0; id < 400; id++) Assert.Equal(twin.Add(id), set.Add(id));
        for (int id = 0; id < 390; id++) Assert.Equal(twin.Remove(id), set.Remove(id));
        Assert.Equal(twin, set.ToArray());
        Assert.Equal(twin.Count, set.Count);
        for (int id = 0; id <= 700; id++) Assert.Equal(twin.Contains(id), set.Contains(id));
    }, iter: 200);

    [Fact]
    public void Inherited_labels_yield_to_own_ones_and_to_earlier_parents()
    {
        var pool = new LabelPool();
        LabelSet Of(string labels) => LabelSet.Create(pool, Make.Labels(labels));
        var all = LabelSet.Inherit(Of("a=own,z=1"), [Of("a=first,b=first"), Of("b=second,c=second")]);
        Assert.Equal(Of("a=own,b=first,c=second,z=1"), all);
    }

    [Fact]
    public void Items_that_get_other_parents_are_as_if_set_anew() => Gen.Select(
        Labels.List[1, 12], Labels, Labels, Labels, Labels, Selectors.List[0, 10], Gen.Int[0, 10]).Sample((owns, a, b, c, d, texts, early) =>
    {
        var pool = new LabelPool();
        var listener = new Listener();
        var index = new LabelIndex(listener);
        void AddSelectors(int from, int to) => index.AddSelectors([.. Enumerable.Range(from, to - from).Select(s => (s, CompiledSelector.Compile(Selector.Parse(texts[s]), pool)))]);
        AddSelectors(0, Math.Min(early, texts.Count));
        var members = new IdSet();
        for (int i = 0; i < owns.Count; i++)
        {
            var labels = new Label[16];
            var own = LabelSet.Create(pool, owns[i]);
            int count = LabelInheritance.Merge(own.Labels, [LabelSet.Create(pool, a), LabelSet.Create(pool, b)], labels);
            index.SetItem(i, labels.AsSpan(0, count), own.Labels.Length);
            members.Add(i);
        }
        AddSelectors(Math.Min(early, texts.Count), texts.Count);
        foreach (var (first, second) in ((Dictionary<string, string>, Dictionary<string, string>)[])[(c, d), (a, d), (a, b)])
        {
            index.Reparent(new SmallIdSet(members), [LabelSet.Create(pool, first), LabelSet.Create(pool, second)]);
            for (int i = 0; i < owns.Count; i++)
            {
                var all = second.Concat(first).Concat(owns[i]).GroupBy(l => l.Key).ToDictionary(g => g.Key, g => g.Last().Value);
                var expected = Enumerable.Range(0, texts.Count).Where(s => Selector.Parse(texts[s]).Evaluate(all));
                Assert.Equal(expected, index.SelectorsOf(i).ToArray());
                Assert.Equal(expected, listener.Matches.Where(m => m.Item == i).Select(m => m.Selector).Order());
            }
        }
    }, iter: 1000);

    [Fact]
    public void Compiled_selectors_mean_what_the_selectors_mean() => Gen.Select(Selectors, Labels).Sample((text, labels) =>
    {
        var pool = new LabelPool();
        var selector = Selector.Parse(text);
        var compiled = CompiledSelector.Compile(selector, pool);
        Assert.Equal(selector.Evaluate(labels), compiled.Matches(LabelSet.Create(pool, labels).Labels));
        Assert.Equal(compiled, CompiledSelector.Compile(Selector.Parse(selector.ToString()), pool));
    }, iter: 3000);
}
