using Margay.Model.Resources;
using Margay.Node.Cluster;
using Xunit;

namespace Margay.Node.Tests.Cluster;

public sealed class ClusterCacheTests
{
    private readonly ClusterCache _cache = new("n1");

    [Fact]
    public void A_pod_is_found_by_its_uid_and_not_by_its_name_alone()
    {
        Tell(PodOf("cart", "u-1", "n1"));

        Assert.NotNull(_cache.Pod("shop", "cart", "u-1"));
        // A successor of the same name whose coming the watch has not told yet, and a runtime that says no UID.
        Assert.Null(_cache.Pod("shop", "cart", "u-2"));
        Assert.Null(_cache.Pod("shop", "cart", ""));
    }

    [Fact]
    public void A_deleted_pod_is_forgotten()
    {
        var pod = PodOf("cart", "u-1", "n1");
        Tell(pod);
        _cache.Apply(new ResourceUpdate(pod.Key, null));

        Assert.Null(_cache.Pod("shop", "cart", "u-1"));
    }

    [Fact]
    public void Pods_of_other_nodes_are_not_kept()
    {
        Tell(PodOf("cart", "u-1", "n2"));

        Assert.Null(_cache.Pod("shop", "cart", "u-1"));
    }

    private void Tell(Pod pod) => _cache.Apply(new ResourceUpdate(pod.Key, pod));

    private static Pod PodOf(string name, string uid, string node) =>
        new() { Metadata = { Namespace = "shop", Name = name, Uid = uid }, Spec = { NodeName = node } };
}
