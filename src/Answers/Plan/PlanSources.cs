using Margay.Answers.Sources;

namespace Margay.Answers.Plan;

/// <summary>Reads the two worlds of a plan.</summary>
/// <param name="sources">The reader.</param>
public sealed class PlanSources(ResourceSources sources)
{
    /// <summary>Reads one world, which is compared with itself once its staged policies are enforced.</summary>
    /// <param name="given">The sources; the cluster when there are none.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task<(ResourceSet Before, ResourceSet After)> ReadStagedAsync(IReadOnlyList<string> given, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(given);
        var world = await sources.ReadAsync(given.Count > 0 ? given : [ResourceSources.Cluster], stop);
        return (world, world);
    }

    /// <summary>
    /// Reads. Against the cluster, the files lie over it, as applying would put them. Against anything else, each side
    /// stands alone on the base, and the base loses what either side names, so that what only one side has counts.
    /// </summary>
    /// <param name="files">What would be applied.</param>
    /// <param name="against">What it is compared with.</param>
    /// <param name="with">The base.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task<(ResourceSet Before, ResourceSet After)> ReadAsync(
        IReadOnlyList<string> files, string against, IReadOnlyList<string> with, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(against);
        ArgumentNullException.ThrowIfNull(with);
        if (files.Contains(ResourceSources.Cluster)) throw new AnswerException("-f names what would be applied; the cluster belongs behind --against or --with.");
        var after = await sources.ReadAsync(files, stop);
        if (against == ResourceSources.Cluster)
        {
            if (with.Count > 0) throw new AnswerException("--with is for a comparison of files; the cluster needs no base.");
            var cluster = await sources.ReadAsync([against], stop);
            return (cluster, after.Over(cluster));
        }
        IEnumerable<string> old = [against];
        if (ResourceSources.IsRevision(against, out string revision, out string? path) && string.IsNullOrEmpty(path))
            old = files.Where(f => f != "-").Select(f => ResourceSources.IsRevision(f, out _, out string? inside) ? ResourceSources.AtRevision(revision, inside ?? ".") : ResourceSources.AtRevision(revision, f));
        var before = await sources.ReadAsync(old, stop);
        if (with.Count == 0) return (before, after);
        var ground = (await sources.ReadAsync(with, stop)).Without(before.Keys.Concat(after.Keys).ToHashSet());
        return (before.Over(ground), after.Over(ground));
    }
}
