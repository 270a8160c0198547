using System.Diagnostics;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;

namespace Margay.Bench.Ipam;

/// <summary>
/// Addresses given and taken back per second, against bare writes of one object of a block's size to the same datastore
/// in the same run. The ratio is what counts: 1 is an address for each write.
/// </summary>
internal static class AllocationFigures
{
    private const int Count = 500;

    /// <summary>Measures on a store in memory, or on the server that a kubeconfig names.</summary>
    public static async Task RunAsync(IResourceStore? server, CancellationToken stop)
    {
        var store = server ?? new InMemoryDatastore();
        string run = Guid.NewGuid().ToString("N")[..6], node = $"bench-{run}";
        string pool = $"10.{Random.Shared.Next(256)}.{Random.Shared.Next(64) * 4}.0/22";
        await store.CreateAsync(new IPPool { Metadata = new() { Name = node }, Spec = new() { Cidr = pool, NodeSelector = "all()" } }, stop);
        using var metrics = new IpamMetrics();
        var view = await IpamView.ReadAsync(new IpamStore(store), stop);
        IpamClient Client(bool sole) => new(new IpamStore(store), new IpamClientOptions { SoleWriterOfNode = sole }, metrics, TimeProvider.System,
            sole ? _ => ValueTask.FromResult(view) : null);
        AddressRequest Request(int i) => new($"bench.{run}-{i}", node, null, AddressRequest.OfPod("bench", $"p{i}", node, TimeProvider.System.GetUtcNow()))
        {
            CountV4 = 1, PoolsV4 = new PoolChoice([pool], "the bench"),
        };

        // Warm: everything compiled, the first block claimed.
        for (int i = 0; i < 50; i++) await Client(false).AssignAsync(Request(-1 - i % 2), stop);

        double bare = await BareWritesAsync(store, run, stop);
        Console.WriteLine($"bare writes of a block-sized object      {bare,10:F0} /s");
        foreach (bool sole in (bool[])[true, false])
        {
            var client = Client(sole);
            long before = metrics.Writes;
            double assigned = await RateAsync(async i =>
            {
                if (await client.AssignAsync(Request(i), stop) is Refused refused) throw new InvalidOperationException(refused.Message);
            });
            double writes = (double)(metrics.Writes - before) / Count;
            double released = await RateAsync(async i => await client.ReleaseHandleAsync($"bench.{run}-{i}", node, stop));
            string how = sole ? "remembering its blocks" : "reading everything    ";
            Console.WriteLine($"assign, {how}           {assigned,10:F0} /s   {assigned / bare,5:F2} of bare   {writes:F2} writes each");
            Console.WriteLine($"release, {how}          {released,10:F0} /s   {released / bare,5:F2} of bare");
        }
    }

    private static async Task<double> BareWritesAsync(IResourceStore store, string run, CancellationToken stop)
    {
        var block = (await store.ListAsync<IPAMBlock>(new Scope(), stop))[0];
        var mine = new IPAMHandle { Metadata = new() { Name = $"bench-{run}" }, Spec = new() { HandleId = $"bench-{run}" } };
        mine = await store.CreateAsync(mine, stop);
        mine.Metadata.Annotations = new() { ["filler"] = new string('x', 64 * 12 + block.Spec.Attributes.Count * 40) };
        double rate = await RateAsync(async i =>
        {
            mine.Metadata.Annotations["count"] = $"{i}";
            mine = await store.UpdateAsync(mine, stop);
        });
        await store.DeleteAsync<IPAMHandle>(null, mine.Metadata.Name!, null, stop);
        return rate;
    }

    private static async Task<double> RateAsync(Func<int, Task> step)
    {
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < Count; i++) await step(i);
        return Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
