using CsCheck;
using Margay.Policy.Labels;
using Xunit;

namespace Margay.Policy.Tests.Labels;

/// <summary>The table of hashes, against a dictionary of lists. Hashes collide on purpose, and lie at the end of the table.</summary>
public sealed class SlotTableTests
{
    private static readonly Gen<uint> Hash = Gen.OneOf(Gen.UInt[0, 3], Gen.UInt[uint.MaxValue - 3, uint.MaxValue], Gen.UInt);

    [Fact]
    public void It_finds_what_is_there_and_nothing_else() => Gen.Select(Hash, Gen.Int[0, 3]).Array[0, 3000].Sample(steps =>
    {
        var table = new SlotTable();
        var there = new Dictionary<uint, List<int>>();
        int next = 0;
        foreach (var (hash, step) in steps)
        {
            var list = there.TryGetValue(hash, out var known) ? known : there[hash] = [];
            if (step > 0 || list.Count == 0)
            {
                table.Add(hash, next);
                list.Add(next++);
            }
            else
            {
                table.Remove(hash, list[0]);
                list.RemoveAt(0);
            }
        }
        foreach (var (hash, list) in there)
        {
            var found = new List<int>();
            for (var search = table.Find(hash); search.Next();) found.Add(search.Id);
            Assert.Equal(list.Order(), found.Order());
        }
    });

    [Fact]
    public void It_does_not_look_for_ever_for_what_is_not_there()
    {
        var table = new SlotTable();
        table.Add(7, 1);
        Assert.Throws<InvalidOperationException>(() => table.Remove(7, 2));
        Assert.Throws<InvalidOperationException>(() => table.Remove(8, 1));
    }
}
