using Margay.Controllers.Reconciling;
using Margay.Controllers.Tests.Support;

namespace Margay.Controllers.Tests.Reconciling;

public sealed class WorkQueueTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_is_added_often_comes_once()
    {
        using var queue = new WorkQueue(new ManualTime());
        queue.Add("a");
        queue.Add("a");
        queue.Add("b");
        Assert.Equal("a", await queue.TakeAsync(Stop));
        Assert.Equal("b", await queue.TakeAsync(Stop));
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public async Task A_key_that_is_worked_on_comes_to_nobody_else_but_again_afterwards()
    {
        using var queue = new WorkQueue(new ManualTime());
        queue.Add("a");
        await queue.TakeAsync(Stop);
        queue.Add("a");
        Assert.Equal(0, queue.Length);
        queue.Done("a", succeeded: true);
        Assert.Equal("a", await queue.TakeAsync(Stop));
    }

    [Fact]
    public async Task A_key_that_fails_comes_again_after_waits_that_double_up_to_a_limit()
    {
        var time = new ManualTime();
        using var queue = new WorkQueue(time, new RetryWaits(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)));
        queue.Add("a");
        foreach (int wait in (int[])[1, 2, 4, 4])
        {
            await queue.TakeAsync(Stop);
            queue.Done("a", succeeded: false);
            time.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, queue.Length);
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, queue.Length);
        }
    }

    [Fact]
    public async Task A_change_does_not_wait_for_the_retry_and_success_begins_with_short_waits_again()
    {
        var time = new ManualTime();
        using var queue = new WorkQueue(time, new RetryWaits(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        queue.Add("a");
        for (int i = 0; i < 3; i++)
        {
            await queue.TakeAsync(Stop);
            Assert.Equal(i + 1, queue.Done("a", succeeded: false));
            queue.Add("a");
            Assert.Equal(1, queue.Length);
        }
        await queue.TakeAsync(Stop);
        Assert.Equal(3, queue.Done("a", succeeded: true));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public void Of_two_times_the_earlier_counts()
    {
        var time = new ManualTime();
        using var queue = new WorkQueue(time);
        queue.AddAfter("a", TimeSpan.FromSeconds(5));
        queue.AddAfter("a", TimeSpan.FromSeconds(2));
        queue.AddAfter("a", TimeSpan.FromSeconds(9));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, queue.Length);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, queue.Length);
    }
}
