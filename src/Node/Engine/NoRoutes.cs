using Margay.Dataplane.Contract;

namespace Margay.Node.Engine;

/// <summary>For a node where another plugin routes to the pods: every route is somebody else's.</summary>
internal sealed class NoRoutes : IDataplane
{
    /// <inheritdoc/>
    public ValueTask ApplyAsync(IReadOnlyList<DataplaneUpdate> updates, CancellationToken stop) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask ResyncAsync(CancellationToken stop) => ValueTask.CompletedTask;
}
