using System.Collections.Immutable;
using CsCheck;
using Margay.Dataplane.Nftables.Programming;
using Margay.Linux.Nftables;
using Xunit;

namespace Margay.Dataplane.Nftables.Tests;

public sealed class RuleDifferenceTests
{
    private static readonly NftTableId Table = new(NftFamily.Inet, "t");

    private static readonly Gen<ImmutableArray<NftRule>> Rules = Gen.Int[0, 5].Array[0, 12].Select(static comments =>
        comments.Select(static comment => new NftRule([new NftCounter()], $"{comment}")).ToImmutableArray());

    [Fact]
    public void Applying_the_difference_gives_the_desired_rules_and_keeps_what_both_have() =>
        Gen.Select(Rules, Rules).Sample((before, after) =>
        {
            var nft = new FakeNftables();
            var make = new NftTransaction(Table);
            make.Add(new NftAddTable());
            make.Add(new NftAddChain(new NftChain("c")));
            foreach (var rule in before) make.Add(new NftAddRule("c", rule));
            nft.Commit(make);
            var actual = nft.ReadRules(Table, "c");

            var edit = new NftTransaction(Table);
            foreach (var operation in RuleDifference.Between("c", actual, after)) edit.Add(operation);
            nft.Commit(edit);

            int kept = nft.ReadRules(Table, "c").Count(rule => actual.Exists(old => old.Handle == rule.Handle));
            return nft.ReadRules(Table, "c").SequenceEqual(after) && kept == CommonLength(before, after) && (before.SequenceEqual(after) == edit.IsEmpty);
        });

    private static int CommonLength(ImmutableArray<NftRule> a, ImmutableArray<NftRule> b)
    {
        int[,] length = new int[a.Length + 1, b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
                length[i, j] = a[i - 1].Equals(b[j - 1]) ? length[i - 1, j - 1] + 1 : Math.Max(length[i - 1, j], length[i, j - 1]);
        }
        return length[a.Length, b.Length];
    }
}
