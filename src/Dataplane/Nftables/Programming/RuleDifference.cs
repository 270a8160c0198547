using System.Collections.Immutable;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Programming;

/// <summary>
/// The fewest insertions and removals that turn a chain's rules into others. Rules that stay keep their handles and counters.
/// </summary>
internal static class RuleDifference
{
    // Above this many comparisons the middle is replaced as a whole.
    private const long MaxComparisons = 4_000_000;

    internal static List<NftOperation> Between(string chain, List<NftRule> actual, ImmutableArray<NftRule> desired)
    {
        int head = 0;
        while (head < actual.Count && head < desired.Length && actual[head].Equals(desired[head])) head++;
        int tail = 0;
        while (tail < actual.Count - head && tail < desired.Length - head && actual[^(tail + 1)].Equals(desired[^(tail + 1)])) tail++;

        var operations = new List<NftOperation>();
        int actualEnd = actual.Count - tail, desiredEnd = desired.Length - tail;
        int[,]? common = Common(actual, desired, head, actualEnd, desiredEnd);
        int a = head, d = head;
        while (a < actualEnd || d < desiredEnd)
        {
            if (common is not null && a < actualEnd && d < desiredEnd && actual[a].Equals(desired[d]))
            {
                a++;
                d++;
            }
            else if (a >= actualEnd || (d < desiredEnd && common is not null && common[a - head, d - head + 1] >= common[a - head + 1, d - head]))
            {
                operations.Add(new NftAddRule(chain, desired[d++], a < actual.Count ? actual[a].Handle : 0));
            }
            else
            {
                operations.Add(new NftDeleteRule(chain, actual[a++]));
            }
        }
        return operations;
    }

    // Lengths of the longest common subsequences of all suffixes of the middle.
    private static int[,]? Common(List<NftRule> actual, ImmutableArray<NftRule> desired, int head, int actualEnd, int desiredEnd)
    {
        int rows = actualEnd - head, columns = desiredEnd - head;
        if (rows == 0 || columns == 0 || (long)rows * columns > MaxComparisons) return null;
        int[,] length = new int[rows + 1, columns + 1];
        for (int row = rows - 1; row >= 0; row--)
        {
            for (int column = columns - 1; column >= 0; column--)
            {
                length[row, column] = actual[head + row].Equals(desired[head + column])
                    ? length[row + 1, column + 1] + 1
                    : Math.Max(length[row + 1, column], length[row, column + 1]);
            }
        }
        return length;
    }
}
