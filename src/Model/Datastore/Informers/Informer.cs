using System.Threading.Channels;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Informers;

/// <summary>
/// Follows several kinds and hands their changes over as one stream: no change is lost or told twice, whatever happens to
/// the connection; the changes of one kind keep their order.
/// </summary>
public sealed class Informer
{
    private readonly IResourceStore _store;
    private readonly IReadOnlyList<InformerSource> _sources;
    private readonly InformerOptions _options;
    private readonly Channel<InformerBatch> _batches;
    private int _unlisted;

    /// <summary>Makes an informer; <see cref="RunAsync"/> starts it.</summary>
    /// <param name="store">Where the objects are.</param>
    /// <param name="sources">What to follow.</param>
    /// <param name="options">How; null for the defaults.</param>
    public Informer(IResourceStore store, IReadOnlyList<InformerSource> sources, InformerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        (_store, _sources, _options) = (store, sources, options ?? new InformerOptions());
        _unlisted = sources.Count;
        _batches = Channel.CreateBounded<InformerBatch>(new BoundedChannelOptions(_options.Capacity) { SingleReader = true });
    }

    /// <summary>The changes. The reader takes as many batches as are there before it works on them.</summary>
    public ChannelReader<InformerBatch> Batches => _batches.Reader;

    /// <summary>Runs until it is stopped; then the channel is complete.</summary>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        // If one of them fails for good (a bug), all end and the caller sees why.
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            if (_sources.Count == 0)
                await _batches.Writer.WriteAsync(new InformerBatch([], InSync: true), stop);
            await Task.WhenAll(_sources.Select(source => FollowAsync(source, failed)));
        }
        finally
        {
            _batches.Writer.TryComplete();
        }
    }

    private async Task FollowAsync(InformerSource source, CancellationTokenSource failed)
    {
        try
        {
            await new Reflector(_store, source, _options, EmitAsync).RunAsync(OnListedAsync, failed.Token);
        }
        finally
        {
            await failed.CancelAsync();
        }
    }

    private ValueTask EmitAsync(List<ResourceUpdate> updates, CancellationToken stop) =>
        _batches.Writer.WriteAsync(new InformerBatch(updates, InSync: false), stop);

    // Each kind has handed over its list before it counts down, so the last one may speak for all.
    private ValueTask OnListedAsync(CancellationToken stop) =>
        Interlocked.Decrement(ref _unlisted) == 0
            ? _batches.Writer.WriteAsync(new InformerBatch([], InSync: true), stop)
            : ValueTask.CompletedTask;
}
