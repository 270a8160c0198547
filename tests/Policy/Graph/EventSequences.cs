using System.Globalization;
using CsCheck;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Graph;

/// <summary>
/// Sequences of 200 events, told in two ways: as they are, and reordered, split, merged, repeated, with things done and undone in
/// between. What has been said in the end is the same. MARGAY_SEQUENCES says how many sequences.
/// </summary>
public sealed class EventSequences
{
    private const int Length = 200;

    /// <summary>Something happens to one thing: it gets a version, or goes.</summary>
    private sealed record Event(object Key, Action<PolicyGraph> Do);

    private static Gen<Event> EventOf(int index) => index < Universe.Objects.Length
        ? Gen.Select(Universe.Objects[index], Gen.Int[0, 4]).Select((resource, gone) =>
        {
            var update = gone == 0 ? Make.Gone(resource) : Make.Update(resource);
            return new Event(update.Key, g => g.Apply(update));
        })
        : Gen.Select(Universe.Locals[index - Universe.Objects.Length], Gen.Int[0, 4]).Select((local, gone) =>
            new Event((local.Namespace, local.Name), gone == 0 ? g => g.RemoveLocalEndpoint(local.Namespace, local.Name) : g => g.SetLocalEndpoint(local)));

    private static readonly Gen<Event> Events = Gen.Int[0, Universe.Objects.Length + Universe.Locals.Length - 1].SelectMany(EventOf);

    private static readonly Gen<(List<Event> Events, List<Event> Detours, int Seed)> Sequences =
        Gen.Select(Events.List[Length, Length], Events.List[20, 20], Gen.Int);

    [Fact]
    public void A_sequence_reordered_split_merged_repeated_and_undone_says_the_same() => Sequences.Sample((events, detours, seed) =>
    {
        var random = new Random(seed);
        var straight = Tell(events, random, drainOnceIn: int.MaxValue);
        var changed = Undo(Repeat(Merge(Reorder(events, random), random), random), detours, random);
        Assert.Equal(straight, Tell(changed, random, drainOnceIn: 1 + random.Next(30)));
    }, iter: int.TryParse(Environment.GetEnvironmentVariable("MARGAY_SEQUENCES"), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 250);

    /// <summary>What has been said in total; every piece is checked on the way.</summary>
    private static IReadOnlyList<object> Tell(List<Event> events, Random random, int drainOnceIn)
    {
        var graph = new PolicyGraph("n1", unpackedPolicies: 2);
        var replay = new Replay();
        int inSync = random.Next(events.Count);
        for (int i = 0; i < events.Count; i++)
        {
            if (i == inSync) graph.MarkInSync();
            events[i].Do(graph);
            if (random.Next(drainOnceIn) == 0) replay.Apply(graph.Drain());
        }
        graph.MarkInSync();
        replay.Apply(graph.Drain());
        return replay.State.Snapshot();
    }

    /// <summary>Events of different things change places; those of one thing keep their order.</summary>
    private static List<Event> Reorder(List<Event> events, Random random)
    {
        var list = new List<Event>(events);
        for (int swaps = list.Count * 8; swaps > 0; swaps--)
        {
            int i = random.Next(list.Count - 1);
            if (!list[i].Key.Equals(list[i + 1].Key)) (list[i], list[i + 1]) = (list[i + 1], list[i]);
        }
        return list;
    }

    /// <summary>Some events are left out that a later one of the same thing makes good.</summary>
    private static List<Event> Merge(List<Event> events, Random random) =>
        [.. events.Where((e, i) => random.Next(3) > 0 || events.FindIndex(i + 1, later => later.Key.Equals(e.Key)) < 0)];

    /// <summary>Some events come twice.</summary>
    private static List<Event> Repeat(List<Event> events, Random random) =>
        [.. events.SelectMany(e => random.Next(6) == 0 ? (Event[])[e, e] : [e])];

    /// <summary>At some places something else happens, and then what was there before comes back.</summary>
    private static List<Event> Undo(List<Event> events, List<Event> detours, Random random)
    {
        var list = new List<Event>(events);
        foreach (var detour in detours)
        {
            int at = random.Next(list.Count + 1);
            var before = list.Take(at).LastOrDefault(e => e.Key.Equals(detour.Key));
            list.InsertRange(at, [detour, before ?? new Event(detour.Key, g => Remove(g, detour.Key))]);
        }
        return list;
    }

    private static void Remove(PolicyGraph graph, object key)
    {
        if (key is ResourceKey resource) graph.Apply(new ResourceUpdate(resource, null));
        else if (key is ValueTuple<string, string> local) graph.RemoveLocalEndpoint(local.Item1, local.Item2);
    }
}
