using Margay.Bench.Policy.Inputs;

namespace Margay.Bench.Policy.Graph;

/// <summary>What the peer's graph says for a case (peer figures of the design notes): ours must say as much before a time counts.</summary>
internal readonly record struct ExpectedCounts(int Sets, int Members, int Policies, int Profiles, int Endpoints, int References);

/// <summary>A case: its input, what must come out, and the peer's median seconds and MiB on this kind of machine.</summary>
internal sealed record GraphCase(string Name, Func<Workload> Create, ExpectedCounts Expected, double? PeerSeconds = null, double? PeerMiB = null, Func<Workload>? Stream = null);

/// <summary>The cases.</summary>
internal static class GraphCases
{
    public static readonly GraphCase[] All =
    [
        new("isolated-1k", () => IsolatedWorkload.Create(1_000), Isolated, 0.053, 71, () => IsolatedWorkload.Stream(1_000)),
        new("isolated-10k", () => IsolatedWorkload.Create(10_000), Isolated, 0.653, 182, () => IsolatedWorkload.Stream(10_000)),
        new("isolated-100k", () => IsolatedWorkload.Create(100_000), Isolated, 9.56, 1258, () => IsolatedWorkload.Stream(100_000)),
        new("tags-250k", () => SnapshotWorkload.Create(250_000, 10_000, 0, false), Tags, 6.84, 1105),
        new("sets-1k", () => SnapshotWorkload.Create(10_000, 0, 1_000, false), Sets1k, 1.15, 278),
        new("sets-10k", () => SnapshotWorkload.Create(10_000, 0, 10_000, false), Sets10k, 13.04, 2111),
        new("tags-250k-delete", () => SnapshotWorkload.Create(250_000, 10_000, 0, true), Tags, 7.38, 1182),
        new("sets-1k-delete", () => SnapshotWorkload.Create(10_000, 0, 1_000, true), Sets1k, 1.65, 278),
        new("sets-10k-delete", () => SnapshotWorkload.Create(10_000, 0, 10_000, true), Sets10k, 20.34, 2100),
        new("namespaces-25k", () => SmallNamespacesWorkload.Create(25_000), new(75, 75, 75, 25, 100, 150), Stream: () => SmallNamespacesWorkload.Stream(25_000)),
    ];

    private static ExpectedCounts Isolated => new(100, 100, 100, 100, 100, 200);

    private static ExpectedCounts Tags => new(29, 250_200, 10_000, 100, 200, 145_786);

    private static ExpectedCounts Sets1k => new(1_000, 111_800, 1_000, 100, 200, 400_000);

    private static ExpectedCounts Sets10k => new(10_000, 1_118_000, 10_000, 100, 200, 4_000_000);
}
