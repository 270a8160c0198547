using Margay.Controllers.Election;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Controllers.Tests.Election;

/// <summary>
/// Candidates whose clocks run at different speeds, whose requests fail, are late or lose their answers, and which stand
/// still for a while as suspended processes do: at no moment do two lead.
/// </summary>
public sealed class OneLeaderProperty
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task At_no_moment_do_two_lead_whatever_fails_while_clocks_differ_by_less_than_a_third()
    {
        int changes = 0;
        for (int seed = 1; seed <= 60; seed++) changes += await RunAsync(seed);
        // The runs would prove nothing if nobody ever lost the lease.
        Assert.True(changes > 60, $"the lease changed hands {changes} times only");
    }

    private static async Task<int> RunAsync(int seed)
    {
        var random = new Random(seed);
        var store = new InMemoryDatastore { Validates = false };
        List<Candidate> candidates = [.. Enumerable.Range(0, 3).Select(i => new Candidate($"c{i}", store, random, rate: 0.87 + 0.26 * random.NextDouble()))];
        string? last = null;
        int changes = 0;
        for (int step = 0; step < 3000; step++)
        {
            foreach (var candidate in candidates) candidate.Go();
            var leaders = candidates.Where(c => c.Leadership.Holds).Select(c => c.Name).ToList();
            Assert.True(leaders.Count <= 1, $"seed {seed}, step {step}: {string.Join(" and ", leaders)} lead");
            if (leaders is [var leader] && leader != last)
            {
                last = leader;
                changes++;
            }
        }
        await Task.WhenAll(candidates.Select(c => c.EndAsync()));
        return changes;
    }

    private sealed class Candidate
    {
        private readonly Random _random;
        private readonly double _rate;
        private readonly ManualTime _time = new();
        private readonly LeaseClaim _claim;
        private readonly BadNetwork _network;
        private DateTimeOffset _next;
        private int _standsStill;
        private Task _attempt = Task.CompletedTask;

        public Candidate(string name, IResourceStore store, Random random, double rate)
        {
            (Name, _random, _rate) = (name, random, rate);
            _time.Advance(TimeSpan.FromMinutes(random.Next(1000)));
            Leadership = new Leadership(_time);
            _network = new BadNetwork(store, random);
            _claim = new LeaseClaim(_network, new ElectionOptions { Identity = name }, Leadership, _time);
            _next = _time.GetUtcNow();
        }

        public string Name { get; }

        public Leadership Leadership { get; }

        public void Go()
        {
            _time.Advance(Step * _rate);
            if (_random.Next(600) == 0) _standsStill = _random.Next(300);
            if (_random.Next(500) == 0) _network.Broken = !_network.Broken;
            // Its clock goes on; it does not.
            if (_standsStill-- > 0) return;
            _network.Deliver();
            if (!_attempt.IsCompleted || _time.GetUtcNow() < _next) return;
            _next = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
            _attempt = AttemptAsync();
        }

        public async Task EndAsync()
        {
            _network.DeliverAll();
            await _attempt;
        }

        private async Task AttemptAsync()
        {
            try
            {
                await _claim.TryAsync(CancellationToken.None);
            }
            catch (HttpRequestException)
            {
                // The next attempt may succeed.
            }
        }
    }

    /// <summary>Requests arrive late, or not at all, or their answers do.</summary>
    private sealed class BadNetwork(IResourceStore store, Random random) : IResourceStore
    {
        private readonly List<(int Steps, TaskCompletionSource Arrival)> _underWay = [];

        public bool Broken { get; set; }

        public void Deliver()
        {
            for (int i = _underWay.Count - 1; i >= 0; i--)
            {
                var (steps, arrival) = _underWay[i];
                if (steps > 0)
                {
                    _underWay[i] = (steps - 1, arrival);
                    continue;
                }
                _underWay.RemoveAt(i);
                arrival.SetResult();
            }
        }

        public void DeliverAll()
        {
            Broken = false;
            while (_underWay.Count > 0) Deliver();
        }

        public Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) => SendAsync(() => store.GetAsync(kind, ns, name, stop));

        public Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop) => throw new NotSupportedException();

        public Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) => SendAsync(() => store.CreateAsync(kind, value, stop));

        public Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop) =>
            SendAsync(() => store.UpdateAsync(kind, value, subresource, stop));

        public Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop) => throw new NotSupportedException();

        public IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(KindInfo kind, Scope scope, string resourceVersion, CancellationToken stop) =>
            throw new NotSupportedException();

        private async Task<T> SendAsync<T>(Func<Task<T>> call)
        {
            await DelayAsync();
            if (Broken) throw new HttpRequestException("no route");
            var answer = await call();
            await DelayAsync();
            return random.Next(20) == 0 ? throw new HttpRequestException("the answer was lost") : answer;
        }

        private Task DelayAsync()
        {
            if (random.Next(3) > 0) return Task.CompletedTask;
            // Continued on this thread, at the step at which it arrives.
            var arrival = new TaskCompletionSource();
            _underWay.Add((random.Next(random.Next(8) == 0 ? 80 : 5), arrival));
            return arrival.Task;
        }
    }
}
