using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Margay.Node.Cluster;
using Margay.Node.Cni;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests.Cni;

public sealed class ContainerHandlesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("margay-handles-").FullName;
    private readonly InMemoryDatastore _store = new();
    private readonly IpamMetrics _metrics = new();
    private readonly IpamClient _ipam;

    public ContainerHandlesTests() => _ipam = new IpamClient(new IpamStore(_store), new IpamClientOptions(), _metrics, TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _metrics.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Only_the_first_request_of_a_container_is_the_first_also_after_a_restart()
    {
        Assert.True(await Opened().TakeAsync("net.c1", Stop));
        Assert.False(await Opened().TakeAsync("net.c1", Stop));
        Assert.True(await Opened().TakeAsync("net.c2", Stop));
    }

    [Fact]
    public async Task What_is_given_back_is_free_and_the_handle_is_new_again()
    {
        await AssignAsync("net.c1");
        var handles = Opened();
        await handles.TakeAsync("net.c1", Stop);

        await handles.ReleaseAsync("net.c1", Stop);

        Assert.Equal(0, await AllocatedAsync());
        Assert.True(await handles.TakeAsync("net.c1", Stop));
    }

    [Fact]
    public async Task A_release_that_the_server_did_not_hear_is_made_up_for_by_the_next_service()
    {
        await AssignAsync("net.c1");
        _store.Intercept = (_, _, _) => throw new HttpRequestException("away");
        await Opened().ReleaseAsync("net.c1", Stop);
        _store.Intercept = null;
        Assert.Equal(1, await AllocatedAsync());

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var next = Opened();
        // Its first round gives back what is noted; then it waits.
        var running = next.RunAsync(ended.Token);
        while (Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Any()) await Task.Yield();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(0, await AllocatedAsync());
    }

    [Fact]
    public async Task A_release_that_is_refused_does_not_hold_up_the_others()
    {
        foreach (string handle in (string[])["net.c1", "net.c2", "net.c3"]) await AssignAsync(handle);
        _store.Intercept = (_, _, _) => throw new HttpRequestException("away");
        foreach (string handle in (string[])["net.c1", "net.c2", "net.c3"]) await Opened().ReleaseAsync(handle, Stop);
        // Whichever is first.
        int asked = 0;
        _store.Intercept = (_, _, _) => Interlocked.Increment(ref asked) == 1 ? throw new ApiException(403, "Forbidden", "no") : Task.CompletedTask;

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Opened().RunAsync(ended.Token);
        string releases = Path.Combine(_folder, "releases");
        while (Directory.EnumerateFiles(releases).Count() > 1) await Task.Yield();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Single(Directory.EnumerateFiles(releases));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_holds_up_no_deletion()
    {
        await AssignAsync("net.c1");
        _store.Intercept = (_, _, stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop);
        await Opened().ReleaseAsync("net.c1", Stop);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder, "releases")));
    }

    [Fact]
    public async Task A_container_that_starts_again_keeps_what_was_to_be_given_back()
    {
        _store.Intercept = (_, _, _) => throw new HttpRequestException("away");
        var handles = Opened();
        await handles.TakeAsync("net.c1", Stop);
        await handles.ReleaseAsync("net.c1", Stop);

        Assert.False(await handles.TakeAsync("net.c1", Stop));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "releases")));
    }

    [Fact]
    public async Task A_container_that_starts_again_waits_for_the_release_that_is_under_way()
    {
        await AssignAsync("net.c1");
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.Intercept = async (_, _, _) =>
        {
            reached.TrySetResult();
            await released.Task;
        };
        var handles = Opened();
        var giving = handles.ReleaseAsync("net.c1", Stop);
        await reached.Task;
        var taking = handles.TakeAsync("net.c1", Stop).AsTask();
        Assert.False(taking.IsCompleted);
        released.SetResult();

        // The release was whole before the container asks, which then has asked never before.
        Assert.True(await taking);
        await giving;
        _store.Intercept = null;
        Assert.Equal(0, await AllocatedAsync());
    }

    private ContainerHandles Opened()
    {
        var handles = new ContainerHandles(
            _folder, new CniAddresses(_ipam, new PodAddresses(_ipam, TimeProvider.System), new ClusterCache("n1"), "n1"), TimeProvider.System, NullLogger.Instance);
        handles.Prepare();
        return handles;
    }

    private async Task AssignAsync(string handle)
    {
        if (await _store.FindAsync<IPPool>(null, "pool", Stop) is null)
            await _store.CreateAsync(new IPPool { Metadata = { Name = "pool" }, Spec = { Cidr = "10.1.0.0/24", BlockSize = 26 } }, Stop);
        var assigned = await _ipam.AssignAsync(new AddressRequest(handle, "n1", null, new Dictionary<string, string>()) { CountV4 = 1 }, Stop);
        Assert.IsType<Assigned>(assigned);
    }

    private async Task<int> AllocatedAsync() =>
        (await _store.ListAsync<IPAMBlock>(new Scope(), Stop)).Sum(block => block.Spec.Allocations.Count(ordinal => ordinal is not null));
}
