using Margay.Controllers.ClusterFacts;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Controllers.Tests.ClusterFacts;

public sealed class ClusterInformationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_made_with_a_name_of_32_hexadecimal_digits_and_kept()
    {
        using var cluster = new Cluster();
        await cluster.SettleAsync();
        var information = await cluster.Store.GetAsync<ClusterInformation>(null, "default", Stop);
        Assert.Matches("^[0-9a-f]{32}$", information.Spec.ClusterGUID);
        Assert.Equal(("margay,kdd", "v1.2.3", true), (information.Spec.ClusterType, information.Spec.CalicoVersion, information.Spec.DatastoreReady));
        string version = cluster.Store.ResourceVersion;
        cluster.Restart();
        await cluster.SettleAsync();
        Assert.Equal(version, cluster.Store.ResourceVersion);
    }

    [Fact]
    public void What_others_wrote_stays_and_what_is_missing_is_added()
    {
        ClusterInformation stored = new() { Metadata = { Name = "default" }, Spec = new() { ClusterGUID = "abc", ClusterType = "typha,kdd,k8s", CalicoVersion = "v1", Variant = "Calico" } };
        var next = ClusterInformationPlan.Desired(stored, "v2", "fresh")!.Spec;
        Assert.Equal(("abc", "typha,kdd,k8s,margay", "v2", true, "Calico"), (next.ClusterGUID, next.ClusterType, next.CalicoVersion, next.DatastoreReady, next.Variant));
    }

    [Fact]
    public async Task While_the_datastore_is_not_ready_nothing_is_written()
    {
        using var cluster = new Cluster();
        await cluster.ApplyAsync(new ClusterInformation { Metadata = { Name = "default" }, Spec = new() { DatastoreReady = false } });
        await cluster.SettleAsync();
        Assert.False(cluster.Gate.IsOpen);
        var information = await cluster.Store.GetAsync<ClusterInformation>(null, "default", Stop);
        Assert.Null(information.Spec.CalicoVersion);
        information.Spec.DatastoreReady = true;
        await cluster.ApplyAsync(information);
        await cluster.SettleAsync();
        Assert.True(cluster.Gate.IsOpen);
    }
}
