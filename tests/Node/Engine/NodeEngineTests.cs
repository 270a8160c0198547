using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Node.Cluster;
using Margay.Node.Endpoints;
using Margay.Node.Engine;
using Margay.Node.Health;
using Margay.Policy.Graph;
using Margay.Routing.Routes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests.Engine;

public sealed class NodeEngineTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly RecordingDataplane _policy = new();
    private readonly RecordingDataplane _routes = new();
    private readonly Observer _observer = new();
    private readonly NodeHealth _health = new("n1", TimeProvider.System);
    private readonly NodeEngine _engine;
    private readonly Task _running;

    public NodeEngineTests()
    {
        _engine = new NodeEngine(
            "n1", new PolicyGraph("n1"), new RouteCalculator("n1"), _policy, _routes, _observer, _health, TimeProvider.System,
            NullLogger<NodeEngine>.Instance);
        _running = _engine.RunAsync(_end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _end.Dispose();
    }

    [Fact]
    public async Task Nothing_is_programmed_before_everything_has_been_listed()
    {
        await _engine.SendAsync(new ResourcesChanged([Update(new Namespace { Metadata = { Name = "shop" } })]), Stop);
        await _engine.SendAsync(new EndpointWired(Record()), Stop);
        Assert.False(_engine.InSync.IsCompleted);
        Assert.Empty(_policy.Applied);

        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.InSync.WaitAsync(Stop);
        Assert.Contains(_policy.Applied, record => record is WorkloadEndpointUpdate);
        Assert.IsType<InSync>(_policy.Applied[^1]);
        Assert.Contains(_routes.Applied, record => record is InSync);
    }

    [Fact]
    public async Task Host_endpoints_are_held_back_and_counted()
    {
        var host = new HostEndpoint { Metadata = { Name = "uplink" }, Spec = { Node = "n1", InterfaceName = "eth0" } };
        await _engine.SendAsync(new ResourcesChanged([Update(host)]), Stop);
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.InSync.WaitAsync(Stop);
        Assert.DoesNotContain(_policy.Applied, record => record is HostEndpointUpdate);
        Assert.Equal(1, NodeMetrics.HostEndpointsNotEnforced.Value);

        await _engine.SendAsync(new ResourcesChanged([new ResourceUpdate(host.Key, null)]), Stop);
        await _engine.SendAndWaitAsync(new TryPending(), Stop);
        Assert.DoesNotContain(_policy.Applied, record => record is HostEndpointRemove);
        Assert.Equal(0, NodeMetrics.HostEndpointsNotEnforced.Value);
    }

    [Fact]
    public async Task A_wired_endpoint_is_answered_only_when_its_pod_is_known()
    {
        await _engine.SendAsync(new ResourcesChanged([Update(new Namespace { Metadata = { Name = "shop" } })]), Stop);
        await _engine.SendAsync(new AllListed(), Stop);
        var wired = _engine.SendAndWaitAsync(new EndpointWired(Record()), Stop);
        await _engine.SendAndWaitAsync(new TryPending(), Stop);
        Assert.False(wired.IsCompleted);

        await _engine.SendAsync(new ResourcesChanged([Update(new Pod { Metadata = { Name = "cart", Namespace = "shop" }, Spec = { NodeName = "n1" } })]), Stop);
        await wired;
    }

    [Fact]
    public async Task Who_waits_for_a_pod_that_is_deleted_before_it_is_known_to_the_kernel_is_told_so_at_once()
    {
        var cluster = new ClusterCache("n1");
        var pod = new Pod { Metadata = { Name = "cart", Namespace = "shop", Uid = "u-1" }, Spec = { NodeName = "n1" } };
        await _engine.SendAsync(new AllListed(), Stop);
        var wired = cluster.Ends.WhileThereAsync("u-1", ended => _engine.SendAndWaitAsync(new EndpointWired(Record()), ended), Stop);
        await _engine.SendAndWaitAsync(new TryPending(), Stop);
        Assert.False(wired.IsCompleted);
        // Told and gone at once, as a watch that was behind tells it.
        foreach (var word in (ResourceUpdate[])[Update(pod), new(pod.Key, null)]) cluster.Apply(word);
        Assert.False(await wired);
        await _engine.SendAndWaitAsync(new EndpointUnwired(Record()), Stop);
    }

    [Fact]
    public async Task What_the_kernel_refuses_is_tried_again_and_nobody_is_answered_meanwhile()
    {
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.InSync.WaitAsync(Stop);
        _policy.Refusals = 2;

        await _engine.SendAndWaitAsync(new TryPending(), Stop);

        Assert.Equal(0, _policy.Refusals);
    }

    [Fact]
    public async Task Routes_that_came_with_a_refused_policy_are_programmed_when_it_is_taken()
    {
        await TellPodAsync("u-1");
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.InSync.WaitAsync(Stop);
        _policy.Refusals = 1;

        await _engine.SendAndWaitAsync(new EndpointWired(Record()), Stop);

        Assert.Equal(0, _policy.Refusals);
        Assert.Contains(_routes.Applied, record => record is RouteUpdate { Kind: RouteKind.LocalWorkload, Interface: "cali1" });
    }

    [Fact]
    public async Task A_refused_first_state_does_not_lose_the_end_of_the_routes()
    {
        _policy.Refusals = 2;
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.InSync.WaitAsync(Stop);
        Assert.Single(_routes.Applied, record => record is InSync);
    }

    [Fact]
    public async Task Refused_routes_leave_the_node_ready_and_are_told()
    {
        _health.Started();
        _routes.Refusals = 1;
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.InSync.WaitAsync(Stop);
        Assert.Null(_health.NotReadyReason);
        Assert.Contains("\"routesError\": \"The kernel is busy.\"", _health.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_is_not_answered_with_the_policy_of_its_predecessor_of_the_same_name()
    {
        await TellPodAsync("u-1");
        await _engine.SendAsync(new AllListed(), Stop);
        var wired = _engine.SendAndWaitAsync(new EndpointWired(Record(), "u-2"), Stop);
        await _engine.SendAndWaitAsync(new TryPending(), Stop);
        Assert.False(wired.IsCompleted);

        await TellPodAsync("u-2");
        await wired;
    }

    [Fact]
    public async Task An_interface_that_is_made_has_its_route_programmed_before_the_answer()
    {
        await TellPodAsync("u-1");
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.SendAndWaitAsync(new EndpointWired(Record()), Stop);
        _routes.Applied.Clear();

        await _engine.SendAndWaitAsync(new InterfaceMade(Record()), Stop);
        Assert.IsType<RouteUpdate>(Assert.Single(_routes.Applied));
    }

    [Fact]
    public async Task An_engine_that_ends_leaves_nobody_waiting()
    {
        await _engine.SendAsync(new AllListed(), Stop);
        var wired = _engine.SendAndWaitAsync(new EndpointWired(Record(), "u-1"), Stop);
        await _engine.SendAndWaitAsync(new TryPending(), Stop);
        await _end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wired);
        Assert.True(_engine.IsStopping);
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _engine.SendAndWaitAsync(new TryPending(), Stop));
    }

    [Fact]
    public async Task The_observer_sees_every_record_once_also_after_a_refusal()
    {
        _policy.Refusals = 1;
        await _engine.SendAsync(new ResourcesChanged([Update(new Namespace { Metadata = { Name = "shop" } })]), Stop);
        await _engine.SendAsync(new EndpointWired(Record()), Stop);
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.InSync.WaitAsync(Stop);
        // The observer hears of it after those who wait: the engine has told everybody when it takes the next event.
        await _engine.SendAndWaitAsync(new TryPending(), Stop);

        Assert.Single(_observer.Seen, record => record is WorkloadEndpointUpdate);
        Assert.Single(_observer.Seen, record => record is InSync);
    }

    [Fact]
    public async Task A_resync_reaches_both_data_planes()
    {
        await _engine.SendAsync(new AllListed(), Stop);
        await _engine.SendAndWaitAsync(new Resync(), Stop);
        Assert.Equal((1, 1), (_policy.Resyncs, _routes.Resyncs));
    }

    private async Task TellPodAsync(string uid) => await _engine.SendAsync(
        new ResourcesChanged([
            Update(new Namespace { Metadata = { Name = "shop" } }),
            Update(new Pod { Metadata = { Name = "cart", Namespace = "shop", Uid = uid }, Spec = { NodeName = "n1" } })]), Stop);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ResourceUpdate Update(Resource value) => new(value.Key, value);

    private static LocalEndpointRecord Record() => new()
    {
        ContainerId = "c1", Namespace = "shop", Name = "cart", Interface = "eth0", HostInterface = "cali1", NetworkNamespace = "/run/netns/x", Handle = "h",
        Addresses = ["10.0.0.1"],
    };

    private sealed class Observer : IAppliedObserver
    {
        public List<DataplaneUpdate> Seen { get; } = [];

        public void AfterApply(IReadOnlyList<DataplaneUpdate> records) => Seen.AddRange(records);
    }

    private sealed class RecordingDataplane : IDataplane
    {
        public List<DataplaneUpdate> Applied { get; } = [];

        public int Refusals { get; set; }

        public int Resyncs { get; private set; }

        public ValueTask ApplyAsync(IReadOnlyList<DataplaneUpdate> updates, CancellationToken stop)
        {
            Applied.AddRange(updates);
            if (Refusals == 0) return ValueTask.CompletedTask;
            Refusals--;
            throw new InvalidOperationException("The kernel is busy.");
        }

        public ValueTask ResyncAsync(CancellationToken stop)
        {
            Resyncs++;
            return ValueTask.CompletedTask;
        }
    }
}
