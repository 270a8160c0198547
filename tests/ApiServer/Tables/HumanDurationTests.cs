using Margay.ApiServer.Tables;

namespace Margay.ApiServer.Tests.Tables;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(321, "5m21s")]
    [InlineData(600, "10m")]
    [InlineData(10799, "179m")]
    [InlineData(10800, "3h")]
    [InlineData(12345, "3h25m")]
    [InlineData(28800, "8h")]
    [InlineData(172799, "47h")]
    [InlineData(172800, "2d")]
    [InlineData(180000, "2d2h")]
    [InlineData(691200, "8d")]
    [InlineData(63072000, "2y")]
    [InlineData(70000000, "2y80d")]
    [InlineData(400000000, "12y")]
    public void Durations_read_as_in_kubectl(long seconds, string text) => Assert.Equal(text, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));
}
