using Margay.Model.Validation;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class GoDurationTests
{
    [Fact]
    public void A_sum_beyond_every_number_is_no_duration() =>
        Assert.False(GoDuration.TryParse(string.Concat(Enumerable.Repeat("9000000000000000h", 300)), out _));

    [Theory]
    [InlineData("1h30m", 5400)]
    [InlineData("-1.5s", -1.5)]
    [InlineData("0", 0)]
    public void Parts_add_up(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }
}
