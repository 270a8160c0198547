using Margay.Controllers.Election;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;

namespace Margay.Controllers.Tests.Election;

public sealed class LeaseClaimTests
{
    private readonly InMemoryDatastore _store = new();
    private readonly ManualTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_takes_the_lease_and_writes_what_kubernetes_programs_write()
    {
        var (claim, leadership) = Candidate("a");
        Assert.True(await claim.TryAsync(Stop));
        Assert.True(leadership.Holds);
        var lease = await LeaseAsync();
        Assert.Equal(("a", 15, 0), (lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds, lease.Spec.LeaseTransitions));
        Assert.Equal("2026-03-01T08:00:00.000000Z", lease.Spec.AcquireTime);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await claim.TryAsync(Stop));
        lease = await LeaseAsync();
        Assert.Equal(("2026-03-01T08:00:00.000000Z", "2026-03-01T08:00:02.000000Z"), (lease.Spec.AcquireTime, lease.Spec.RenewTime));
    }

    [Fact]
    public async Task Another_takes_it_only_after_seeing_it_unrenewed_for_its_whole_duration()
    {
        var (first, _) = Candidate("a");
        var (second, leadership) = Candidate("b");
        await first.TryAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(await second.TryAsync(Stop));          // seen for the first time: whoever holds it may be well
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(await second.TryAsync(Stop));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await second.TryAsync(Stop));
        Assert.True(leadership.Holds);
        Assert.Equal(("b", 1), ((await LeaseAsync()).Spec.HolderIdentity, (await LeaseAsync()).Spec.LeaseTransitions));
        Assert.False(await first.TryAsync(Stop));
    }

    [Fact]
    public async Task Each_renewal_that_is_seen_begins_the_wait_anew()
    {
        var (first, _) = Candidate("a");
        var (second, _) = Candidate("b");
        await first.TryAsync(Stop);
        for (int i = 0; i < 20; i++)
        {
            Assert.False(await second.TryAsync(Stop));
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.True(await first.TryAsync(Stop));
        }
    }

    [Fact]
    public async Task A_clock_that_is_an_hour_ahead_changes_nothing()
    {
        var (first, _) = Candidate("a");
        await first.TryAsync(Stop);
        var ahead = new ManualTime();
        ahead.Advance(TimeSpan.FromHours(1));
        var second = new LeaseClaim(_store, Options("b"), new Leadership(ahead), ahead);
        Assert.False(await second.TryAsync(Stop));
        ahead.Advance(TimeSpan.FromSeconds(14));
        Assert.False(await second.TryAsync(Stop));
    }

    [Fact]
    public async Task A_leader_leads_no_longer_when_ten_seconds_have_passed_since_it_sent_its_last_renewal()
    {
        var (claim, leadership) = Candidate("a");
        var fenced = new FencedStore(_store, leadership);
        await claim.TryAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        await fenced.CreateAsync(Objects.Space("in-time"), Stop);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(leadership.Holds);
        await Assert.ThrowsAsync<NotLeaderException>(() => fenced.CreateAsync(Objects.Space("late"), Stop));
        Assert.Null(await _store.FindAsync<Namespace>(null, "late", Stop));
    }

    [Fact]
    public async Task What_is_given_back_is_taken_at_once()
    {
        var (first, leadership) = Candidate("a");
        var (second, _) = Candidate("b");
        await first.TryAsync(Stop);
        Assert.False(await second.TryAsync(Stop));
        Assert.True(await first.ReleaseAsync(Stop));
        Assert.False(leadership.Holds);
        Assert.True(await second.TryAsync(Stop));
    }

    [Fact]
    public async Task Of_two_that_try_at_the_same_moment_one_gets_it()
    {
        var (first, _) = Candidate("a");
        var (second, _) = Candidate("b");
        // Both have looked and seen nothing; then both write.
        _store.Intercept = async (verb, _, _) =>
        {
            if (verb != "create") return;
            _store.Intercept = null;
            Assert.True(await second.TryAsync(Stop));
        };
        Assert.False(await first.TryAsync(Stop));
        Assert.Equal("b", (await LeaseAsync()).Spec.HolderIdentity);
    }

    private (LeaseClaim Claim, Leadership Leadership) Candidate(string identity)
    {
        var leadership = new Leadership(_time);
        return (new LeaseClaim(_store, Options(identity), leadership, _time), leadership);
    }

    private static ElectionOptions Options(string identity) => new() { Identity = identity };

    private Task<Lease> LeaseAsync() => _store.GetAsync<Lease>("kube-system", "margay-controllers", Stop);
}
