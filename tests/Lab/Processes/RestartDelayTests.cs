using Margay.Lab.Processes;

namespace Margay.Lab.Tests.Processes;

public sealed class RestartDelayTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Short_lives_wait_ever_longer_up_to_the_longest()
    {
        var delay = new RestartDelay(Second, 5 * Second, 10 * Second);

        Assert.Equal([0, 1, 2, 4, 5, 5], Enumerable.Range(0, 6).Select(_ => delay.After(Second).TotalSeconds));
    }

    [Fact]
    public void A_long_life_forgets_the_short_ones()
    {
        var delay = new RestartDelay(Second, 5 * Second, 10 * Second);
        for (int life = 0; life < 4; life++) delay.After(Second);

        Assert.Equal(TimeSpan.Zero, delay.After(10 * Second));
    }
}
