using Margay.Ipam.Allocation;
using Margay.Ipam.Tests.Support;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

/// <summary>Single races and failures, each set up by hand, that random ones meet too seldom.</summary>
public sealed class SurpriseTests : IDisposable
{
    private const string Handle = "k8s-pod-network.a";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Cluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    private int Held() => _cluster.Store.All<IPAMBlock>().SelectMany(b => b.Spec.Allocations
        .Where(i => i is not null).Select(i => b.Spec.Attributes[i!.Value].HandleId)).Count(h => h == Handle);

    [Fact]
    public async Task A_twin_request_that_lands_just_before_ours_is_recognised()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        await _cluster.Client().AssignAsync(_cluster.Request("first", "n1"), Stop);
        AssignResult? twin = null;
        var store = new HookedStore(_cluster.Store)
        {
            BeforeUpdate = async () => twin ??= await _cluster.Client().AssignAsync(_cluster.Request("a", "n1"), Stop),
        };
        var client = new IpamClient(store, Cluster.Options, _cluster.Metrics, _cluster.Time);
        var ours = await client.AssignAsync(_cluster.Request("a", "n1"), Stop);
        Assert.Equal(twin?.Text(), ours.Text());
        Assert.Equal(1, Held());
    }

    [Fact]
    public async Task After_a_lost_answer_a_client_that_remembers_finds_what_was_stored()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var store = new HookedStore(_cluster.Store);
        var client = new IpamClient(store, Cluster.Options with { SoleWriterOfNode = true }, _cluster.Metrics, _cluster.Time);
        await client.AssignAsync(_cluster.Request("first", "n1"), Stop);
        store.AfterUpdate = () => throw new IOException("the connection broke");
        await Assert.ThrowsAsync<IOException>(async () => await client.AssignAsync(_cluster.Request("a", "n1"), Stop));
        store.AfterUpdate = null;
        Assert.Equal(1, Held());
        Assert.Single(await client.ReleaseHandleAsync(Handle, "n1", Stop));
        Assert.Equal(0, Held());
    }

    [Fact]
    public async Task Nothing_is_given_from_a_remembered_block_that_went_to_another_node()
    {
        _cluster.Pool("p", "10.0.0.0/31", s => s.BlockSize = 31).Settings(s => s.StrictAffinity = true);
        var n1 = _cluster.Client(Cluster.Options with { SoleWriterOfNode = true });
        await n1.AssignAsync(_cluster.Request("a", "n1"), Stop);
        await n1.ReleaseHandleAsync(Handle, "n1", Stop);
        _cluster.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<Assigned>(await _cluster.Client().AssignAsync(_cluster.Request("b", "n2"), Stop));
        Assert.Equal("Exhausted: no free IPv4 address for node n1: pool p has free addresses only in blocks of other nodes, and strictAffinity forbids borrowing: 1 of 2",
            (await n1.AssignAsync(_cluster.Request("a", "n1"), Stop)).Text());
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("pendingDeletion")]
    public async Task An_address_in_a_block_whose_claim_is_incomplete_is_found(string state)
    {
        _cluster.Pool("p", "10.0.0.0/24", s => s.BlockSize = 32);
        var first = (await _cluster.Client().AssignAsync(_cluster.Request("a", "n1"), Stop)).One();
        var affinity = _cluster.Store.All<BlockAffinity>().Single();
        affinity.Spec.State = state;
        _cluster.Store.Put(affinity);
        Assert.Equal(first.Address, (await _cluster.Client().AssignAsync(_cluster.Request("a", "n1"), Stop)).One().Address);
        Assert.Equal([first.Address], await _cluster.Client().ReleaseHandleAsync(Handle, "n1", Stop));
    }

    private sealed class HookedStore(IIpamStore inner) : IIpamStore
    {
        public Func<Task>? BeforeUpdate { get; init; }

        public Action? AfterUpdate { get; set; }

        public ValueTask<T?> GetAsync<T>(string name, CancellationToken stop) where T : Resource, new() => inner.GetAsync<T>(name, stop);

        public ValueTask<IReadOnlyList<T>> ListAsync<T>((string Label, string Value)? only, CancellationToken stop) where T : Resource, new() =>
            inner.ListAsync<T>(only, stop);

        public ValueTask<Written<T>> CreateAsync<T>(T value, CancellationToken stop) where T : Resource, new() => inner.CreateAsync(value, stop);

        public async ValueTask<Written<T>> UpdateAsync<T>(T value, CancellationToken stop) where T : Resource, new()
        {
            if (BeforeUpdate is not null) await BeforeUpdate();
            var written = await inner.UpdateAsync(value, stop);
            AfterUpdate?.Invoke();
            return written;
        }

        public ValueTask<WriteStatus> DeleteAsync<T>(T value, CancellationToken stop) where T : Resource, new() => inner.DeleteAsync(value, stop);
    }
}
