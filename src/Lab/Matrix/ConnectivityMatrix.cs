namespace Margay.Lab.Matrix;

/// <summary>Expected against observed, for every pair of a source and a target.</summary>
internal sealed class ConnectivityMatrix(TcpProber prober)
{
    private const int MostAttempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Probes every pair. A pair that does not agree with its expectation is tried again a few times: a lost packet, or a
    /// policy that has been written a moment ago, is not a contradiction; one that stays is.
    /// </summary>
    public async Task<IReadOnlyList<MatrixCell>> ObserveAsync(
        IReadOnlyList<ProbeSource> sources, IReadOnlyList<ProbeTarget> targets, Expectations expectations, CancellationToken stop)
    {
        var rows = await Task.WhenAll(sources.Select(source => RowAsync(source, targets, expectations, stop)));
        return [.. rows.SelectMany(row => row)];
    }

    private async Task<List<MatrixCell>> RowAsync(
        ProbeSource source, IReadOnlyList<ProbeTarget> targets, Expectations expectations, CancellationToken stop)
    {
        var outcomes = await prober.ProbeAsync(source.Netns, targets, stop);
        var row = targets.Select((target, index) => Cell(source, target, outcomes[index], expectations)).ToList();
        for (int attempt = 2; attempt <= MostAttempts && row.Any(cell => !cell.Agrees); attempt++)
        {
            await Task.Delay(Pause, stop);
            int[] open = [.. Enumerable.Range(0, row.Count).Where(index => !row[index].Agrees)];
            var again = await prober.ProbeAsync(source.Netns, [.. open.Select(index => targets[index])], stop);
            foreach (var (index, outcome) in open.Zip(again)) row[index] = row[index] with { Observed = outcome, Attempts = attempt };
        }

        return row;
    }

    private static MatrixCell Cell(ProbeSource source, ProbeTarget target, ProbeOutcome outcome, Expectations expectations)
    {
        var (allowed, rule) = expectations.Of(source, target);
        return new MatrixCell(source, target, allowed, outcome, 1, rule);
    }
}
