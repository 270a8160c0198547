using Margay.Model.Resources;
using Margay.Node.Cluster;
using Xunit;

namespace Margay.Node.Tests.Cluster;

public sealed class PodEndsTests
{
    private readonly ClusterCache _cache = new("n1");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_for_a_pod_ends_when_the_watch_tells_it_to_be_gone()
    {
        Tell("u-1");
        var waiting = _cache.Ends.WhileThereAsync("u-1", Forever, Stop);
        Assert.False(waiting.IsCompleted);
        Delete();
        Assert.False(await waiting);
        Assert.False(await _cache.Ends.WhileThereAsync("u-1", Forever, Stop));
    }

    [Fact]
    public async Task A_pod_that_was_made_anew_between_two_words_of_the_watch_is_gone()
    {
        Tell("u-1");
        var waiting = _cache.Ends.WhileThereAsync("u-1", Forever, Stop);
        Tell("u-2");
        Assert.False(await waiting);
        Assert.False(_cache.Ends.Has("u-2"));
    }

    [Fact]
    public async Task A_pod_that_the_watch_has_not_told_yet_is_waited_for()
    {
        var known = new TaskCompletionSource();
        Tell("u-1");
        Delete();
        // A successor of the same name, whose coming the watch has not told: the end of another is not its end.
        var waiting = _cache.Ends.WhileThereAsync("u-2", ended => known.Task.WaitAsync(ended), Stop);
        Tell("u-2");
        Assert.False(waiting.IsCompleted);
        known.SetResult();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task A_pod_that_comes_and_goes_while_it_is_waited_for_is_gone()
    {
        var waiting = _cache.Ends.WhileThereAsync("u-1", Forever, Stop);
        Tell("u-1");
        Assert.False(waiting.IsCompleted);
        Delete();
        Assert.False(await waiting);
    }

    [Fact]
    public async Task The_end_that_the_caller_asked_for_is_told_as_that()
    {
        using var end = new CancellationTokenSource();
        var waiting = _cache.Ends.WhileThereAsync("u-1", Forever, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_failure_of_the_work_is_told_as_it_is() =>
        await Assert.ThrowsAsync<IOException>(() => _cache.Ends.WhileThereAsync("u-1", _ => Task.FromException(new IOException("no")), Stop));

    private static Task Forever(CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop);

    private void Tell(string uid)
    {
        var pod = new Pod { Metadata = { Namespace = "shop", Name = "cart", Uid = uid }, Spec = { NodeName = "n1" } };
        _cache.Apply(new ResourceUpdate(pod.Key, pod));
    }

    private void Delete() => _cache.Apply(new ResourceUpdate(new Pod { Metadata = { Namespace = "shop", Name = "cart" } }.Key, null));
}
