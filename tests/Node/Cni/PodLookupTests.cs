using Margay.Cni.Protocol;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Margay.Node.Cluster;
using Margay.Node.Cni;
using Xunit;

namespace Margay.Node.Tests.Cni;

public sealed class PodLookupTests
{
    private readonly InMemoryDatastore _store = new();
    private readonly ClusterCache _cache = new("n1");
    private readonly PodLookup _pods;

    public PodLookupTests() => _pods = new PodLookup(_store, _cache);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pod_that_the_watch_has_not_told_yet_is_asked_for()
    {
        var made = await MakeAsync();
        Assert.Equal(made.Metadata.Uid, (await FindAsync(made.Metadata.Uid!)).Pod?.Metadata.Uid);
        Assert.NotNull((await FindAsync("")).Pod);
    }

    [Fact]
    public async Task Another_of_the_same_name_is_another()
    {
        await MakeAsync();
        Assert.Equal(CniErrorCode.PodGone, (await FindAsync("of-its-forerunner")).Error?.Code);
    }

    [Fact]
    public async Task A_static_pod_is_known_by_its_mirror()
    {
        await MakeAsync(new() { ["kubernetes.io/config.mirror"] = "hash-of-the-file" });
        Assert.NotNull((await FindAsync("hash-of-the-file")).Pod);
    }

    [Fact]
    public async Task Nothing_is_asked_about_a_pod_that_is_gone()
    {
        var pod = await MakeAsync();
        _cache.Apply(new ResourceUpdate(pod.Key, pod));
        _cache.Apply(new ResourceUpdate(pod.Key, null));
        _store.Intercept = (_, _, _) => throw new InvalidOperationException("asked");
        var (_, error) = await FindAsync(pod.Metadata.Uid!);
        Assert.Equal(CniErrorCode.PodGone, error?.Code);
        Assert.Contains("shop/cart", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_the_server_does_not_have_may_be_asked_about_again() =>
        Assert.Equal(CniErrorCode.TryAgainLater, (await FindAsync("u-1")).Error?.Code);

    private async Task<(Pod? Pod, CniError? Error)> FindAsync(string uid) => await _pods.FindAsync(new CniPod("shop", "cart", uid), Stop);

    private async Task<Pod> MakeAsync(Dictionary<string, string>? annotations = null) =>
        await _store.CreateAsync(new Pod { Metadata = { Namespace = "shop", Name = "cart", Annotations = annotations }, Spec = { NodeName = "n1" } }, Stop);
}
