namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>Kubernetes goes on collecting what nobody owns any more while we serve kinds of our own.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class CollectionOfGarbageTests(Testbed testbed)
{
    [Fact]
    public async Task Pods_of_a_deleted_Deployment_go()
    {
        await testbed.KubectlAsync("create", "namespace", "garbage");
        await testbed.KubectlAsync("-n", "garbage", "create", "deployment", "owner", "--image=k8s.gcr.io/pause:3.2", "--replicas=2");
        await testbed.KubectlAsync("-n", "garbage", "rollout", "status", "deployment/owner", "--timeout=300s");
        await testbed.KubectlAsync("-n", "garbage", "delete", "deployment/owner", "--wait=true", "--timeout=300s");
        await Until.FineAsync(async () => (await testbed.ListAsync("pods", "-n", "garbage")).Count is var left and > 0 ? $"{left} pods are left" : null);
        await testbed.KubectlAsync("delete", "namespace", "garbage", "--wait=true", "--timeout=300s");
    }
}
