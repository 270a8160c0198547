namespace Margay.ApiServer.Tests.Kubernetes;

/// <summary>A clock that moves when it is told to.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow - TimeSpan.FromDays(1);
    private TimeSpan _now = TimeSpan.FromDays(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => _now += by;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => _began + _now;
}
