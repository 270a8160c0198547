using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests;

public sealed class ServicePartsTests : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ServiceParts _parts;

    public ServicePartsTests() => _parts = new ServiceParts(NullLogger.Instance, _end.Token);

    public void Dispose()
    {
        _parts.Dispose();
        _end.Dispose();
    }

    [Fact]
    public async Task One_part_that_fails_ends_all_and_is_the_cause()
    {
        _parts.Run("steady", stop => Task.Delay(Timeout.InfiniteTimeSpan, stop));
        _parts.Run("first", async _ =>
        {
            await Task.Yield();
            throw new IOException("no descriptors");
        });
        Assert.Equal("no descriptors", (await Assert.ThrowsAsync<IOException>(_parts.WhenEndedAsync)).Message);
    }

    [Fact]
    public async Task A_part_that_ends_by_itself_ends_all_and_is_named()
    {
        _parts.Run("steady", stop => Task.Delay(Timeout.InfiniteTimeSpan, stop));
        _parts.Run("brief", _ => Task.CompletedTask);
        Assert.Contains("'brief'", (await Assert.ThrowsAsync<InvalidOperationException>(_parts.WhenEndedAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_of_parts_count_too()
    {
        _parts.Run("outer", async stop =>
        {
            _parts.Run("inner", _ => throw new IOException("inner"));
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        Assert.Equal("inner", (await Assert.ThrowsAsync<IOException>(_parts.WhenEndedAsync)).Message);
    }

    [Fact]
    public async Task The_end_that_was_asked_for_is_no_failure_even_when_a_part_trips_over_it()
    {
        _parts.Run("steady", stop => Task.Delay(Timeout.InfiniteTimeSpan, stop));
        _parts.Run("clumsy", async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new ObjectDisposedException("socket");
        });
        await _end.CancelAsync();
        await _parts.WhenEndedAsync();
    }
}
