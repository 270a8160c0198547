using Margay.Controllers.Election;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.Controllers.Tests.Election;

public sealed class LeaderElectorTests
{
    private readonly InMemoryDatastore _store = new();
    private readonly ManualTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_stops_when_the_lease_cannot_be_renewed_and_begins_again_when_it_can()
    {
        var (began, ended, beganAgain) = (NewSignal(), NewSignal(), NewSignal());
        int terms = 0, running = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var campaign = Elector("a", new Leadership(_time)).RunAsync(async lost =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            (terms++ == 0 ? began : beganAgain).TrySetResult();
            await Task.Delay(Timeout.Infinite, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref running);
            ended.TrySetResult();
        }, stop.Token);
        await began.Task.WaitAsync(Stop);
        _store.Intercept = (_, _, _) => throw new HttpRequestException("the server is away");
        await AdvanceUntilAsync(ended.Task);
        _store.Intercept = null;
        await AdvanceUntilAsync(beganAgain.Task);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => campaign);
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task When_it_is_stopped_the_lease_is_given_back_after_the_work_has_ended()
    {
        var began = NewSignal();
        bool ended = false, endedFirst = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Elector("a", new Leadership(_time)).RunAsync(async lost =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _store.Intercept = (_, _, _) =>
            {
                endedFirst = ended;
                return Task.CompletedTask;
            };
            ended = true;
        }, stop.Token);
        await began.Task.WaitAsync(Stop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(endedFirst);
        Assert.Equal("", (await _store.GetAsync<Lease>("kube-system", "margay-controllers", Stop)).Spec.HolderIdentity);
    }

    [Fact]
    public async Task Work_that_does_not_end_in_time_ends_the_process()
    {
        var (began, free) = (NewSignal(), NewSignal());
        var running = Elector("a", new Leadership(_time)).RunAsync(async _ =>
        {
            began.SetResult();
            await free.Task;
        }, Stop);
        await began.Task.WaitAsync(Stop);
        _store.Intercept = (_, _, _) => throw new HttpRequestException("the server is away");
        await AdvanceUntilAsync(running);
        await Assert.ThrowsAsync<WorkDidNotEndException>(() => running);
        free.SetResult();
    }

    [Fact]
    public async Task Work_that_fails_ends_the_process_with_its_error()
    {
        var running = Elector("a", new Leadership(_time)).RunAsync(_ => throw new InvalidDataException("broken"), Stop);
        await Assert.ThrowsAsync<InvalidDataException>(() => running);
    }

    [Fact]
    public void Times_that_would_let_two_lead_are_refused()
    {
        Assert.Null(new ElectionOptions().Problem);
        Assert.Contains("must be shorter than the lease", new ElectionOptions { RenewDeadline = TimeSpan.FromSeconds(15) }.Problem);
        Assert.Contains("room for a second one", new ElectionOptions { RetryPeriod = TimeSpan.FromSeconds(9) }.Problem);
        Assert.Contains("whole seconds", new ElectionOptions { LeaseDuration = TimeSpan.FromSeconds(15.5) }.Problem);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LeaderElector Elector(string identity, Leadership leadership) =>
        new(_store, new ElectionOptions { Identity = identity }, leadership, _time, NullLogger.Instance);

    // A step of the clock, then a moment for the threads that it has woken: a clock that runs away from them loses the lease
    // before it can be renewed, again and again.
    private async Task AdvanceUntilAsync(Task done)
    {
        for (int step = 0; !done.IsCompleted; step++)
        {
            Assert.True(step < 3000, "it has not ended after 300 seconds of the clock");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(done, Task.Delay(1, Stop));
        }
    }
}
