using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Node.Engine;
using Margay.Node.Health;
using Margay.Policy.Graph;
using Margay.Routing.Routes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests.Engine;

/// <summary>Policies that count for a time only.</summary>
public sealed class EngineTimeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_policy_ends_at_its_time_without_anybody_saying_anything()
    {
        var time = new ManualTime(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));
        var dataplane = new WaitingDataplane();
        var engine = new NodeEngine(
            "n1", new PolicyGraph("n1"), new RouteCalculator("n1"), dataplane, new WaitingDataplane(), new Nobody(), new NodeHealth("n1", time), time, NullLogger<NodeEngine>.Instance);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = engine.RunAsync(end.Token);
        var policy = new GlobalNetworkPolicy
        {
            Metadata = { Name = "glass", Annotations = new() { ["margay.io/extensions"] = "true" } },
            Spec = { ValidUntil = "2030-01-31T12:00:30Z", PerformanceHints = ["AssumeNeededOnEveryNode"], Ingress = [new() { Action = "Allow" }] },
        };
        await engine.SendAsync(new ResourcesChanged([new ResourceUpdate(policy.Key, policy)]), Stop);
        await engine.SendAsync(new AllListed(), Stop);
        var told = await dataplane.Told<PolicyUpdate>().WaitAsync(Stop);
        Assert.Equal(RuleAction.Allow, told.Ingress.Single().Action);

        await time.Awaited.WaitAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(30));
        await dataplane.Told<PolicyRemove>().WaitAsync(Stop);
        await end.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private sealed class Nobody : IAppliedObserver
    {
        public void AfterApply(IReadOnlyList<DataplaneUpdate> records)
        {
        }
    }

    private sealed class WaitingDataplane : IDataplane
    {
        private readonly TaskCompletionSource<DataplaneUpdate> _update = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<DataplaneUpdate> _remove = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<T> Told<T>() where T : DataplaneUpdate => (T)await (typeof(T) == typeof(PolicyUpdate) ? _update : _remove).Task;

        public ValueTask ApplyAsync(IReadOnlyList<DataplaneUpdate> updates, CancellationToken stop)
        {
            foreach (var update in updates)
            {
                if (update is PolicyUpdate) _update.TrySetResult(update);
                if (update is PolicyRemove) _remove.TrySetResult(update);
            }
            return ValueTask.CompletedTask;
        }

        public ValueTask ResyncAsync(CancellationToken stop) => ValueTask.CompletedTask;
    }
}
