using Margay.ApiServer.Hosting;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Datastore.Kube;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Watch;

/// <summary>Our client against our server: what nodes and the command line do all day.</summary>
public sealed class KubeClientTests(TestServer server) : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"margay-{Guid.NewGuid():N}.kubeconfig");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Objects_are_written_read_and_followed_through_a_kubeconfig()
    {
        using KubeClient client = Connect();
        string space = await server.NamespaceAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var informer = new Informer(client, [new(KindRegistry.Of<NetworkSet>(), new Scope(space))]);
        Task running = informer.RunAsync(end.Token);
        Assert.True((await informer.Batches.ReadAsync(Stop)).InSync);

        NetworkSet set = await client.CreateAsync(Fresh(space), Stop);
        Assert.Equal(set.Metadata.ResourceVersion, (await NextAsync(informer)).Value!.Metadata.ResourceVersion);
        set.Spec.Nets = ["10.0.0.0/8"];
        NetworkSet changed = await client.UpdateAsync(set, Stop);
        Assert.Equal(["10.0.0.0/8"], ((NetworkSet)(await NextAsync(informer)).Value!).Spec.Nets!);
        Assert.True((await Assert.ThrowsAsync<ApiException>(() => client.UpdateAsync(set, Stop))).IsConflict);
        Assert.True((await Assert.ThrowsAsync<ApiException>(() => client.CreateAsync(Fresh(space), Stop))).IsAlreadyExists);
        await client.DeleteAsync<NetworkSet>(space, "a", new Preconditions(changed.Metadata.Uid, changed.Metadata.ResourceVersion), Stop);
        Assert.Null((await NextAsync(informer)).Value);
        Assert.Null(await client.FindAsync<NetworkSet>(space, "a", Stop));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Lists_of_several_pages_are_whole()
    {
        using KubeClient client = Connect();
        string space = await server.NamespaceAsync();
        for (int i = 0; i < 520; i++)
            await client.CreateAsync(new NetworkSet { Metadata = { Name = $"s{i}", Namespace = space } }, Stop);

        Listing list = await client.ListAsync(KindRegistry.Of<NetworkSet>(), new Scope(space), Stop);

        Assert.Equal(520, list.Items.Select(item => item.Metadata.Name).Distinct().Count());
    }

    private static NetworkSet Fresh(string space) => new() { Metadata = { Name = "a", Namespace = space } };

    private static async Task<ResourceUpdate> NextAsync(Informer informer) =>
        Assert.Single((await informer.Batches.ReadAsync(Stop)).Updates);

    private KubeClient Connect()
    {
        ClientKubeconfig.Write(Path.GetDirectoryName(server.Pki)!, "tester", ["system:masters"], server.Host.Address, _file);
        return new KubeClient(KubeConfig.Connect(_file));
    }
}
