using System.Collections.Immutable;
using Margay.Controllers.Hosting;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Configuration;

/// <summary>Follows KubeControllersConfiguration, in every process, leader or not; all read the current settings here.</summary>
internal sealed class SettingsSource(IResourceStore store, IReadOnlySet<string>? only, TimeProvider time, ILogger logger, ControllersHealth? health = null)
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RunningSettings _current = RunningSettings.Unknown;
    private ImmutableList<Action> _listeners = [];

    /// <summary>The settings now.</summary>
    public RunningSettings Current => _current;

    /// <summary>Which controllers run whatever the object lists; null when the object decides.</summary>
    public IReadOnlySet<string>? Only => only;

    /// <summary>Done when the configuration has been read.</summary>
    public Task Known => _known.Task;

    /// <summary>Has a call made after each change, until the answer is disposed of.</summary>
    public IDisposable OnChange(Action call)
    {
        ImmutableInterlocked.Update(ref _listeners, list => list.Add(call));
        return new Subscription(() => ImmutableInterlocked.Update(ref _listeners, list => list.Remove(call)));
    }

    /// <summary>Follows until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var kind = KindRegistry.Of<KubeControllersConfiguration>();
        var informer = new Informer(store, [new InformerSource(kind)], new InformerOptions { Time = time, OnTrouble = Tell });
        var running = informer.RunAsync(stop);
        await foreach (var batch in informer.Batches.ReadAllAsync(stop))
        {
            foreach (var update in batch.Updates)
            {
                if (update.Key.Name == ConfigurationReader.Name) Set((update.Value as KubeControllersConfiguration)?.Spec);
            }
            // There may be none yet; then the defaults count.
            if (batch.InSync && !_known.Task.IsCompleted && ReferenceEquals(_current, RunningSettings.Unknown)) Set(null);
            if (batch.InSync) _known.TrySetResult();
        }
        await running;
    }

    /// <summary>Takes a configuration; null when there is none.</summary>
    internal void Set(KubeControllersConfigurationSpec? spec)
    {
        var before = _current;
        _current = ConfigurationReader.Read(spec, only);
        foreach (string problem in _current.Problems.Except(before.Problems)) logger.ConfigurationProblem(problem);
        foreach (var call in _listeners) call();
    }

    private void Tell(KindInfo kind, Exception? cause)
    {
        health?.Datastore("configuration", cause?.Message);
        if (cause is null) logger.DatastoreRecovered(kind.Plural);
        else logger.DatastoreTrouble(kind.Plural, cause);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
