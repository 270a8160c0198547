namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>Plain manifests on a testbed of its own, and off again as docs/install/kubernetes.md says.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class UninstallTests(Testbed testbed)
{
    [Fact]
    public async Task Plain_manifests_install_and_uninstall_leaves_the_node_as_it_was()
    {
        // The images are those that the cluster of the other tests runs.
        Assert.NotEmpty(testbed.Kubeconfig);
        await using var tidy = await FurtherTestbed.UpAsync("tidy", "--nodes", "1");
        await tidy.LoadMargayAsync();
        string before = await StateAsync(tidy);

        await tidy.ApplyDefinitionsAsync();
        await tidy.ApplyAsync(await File.ReadAllTextAsync(Manifest("margay"), TestContext.Current.CancellationToken));
        await tidy.KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-node", "--timeout=300s");
        await tidy.KubectlAsync("wait", "node", "--all", "--for=condition=Ready", "--timeout=300s");
        await tidy.KubectlAsync("-n", "margay-system", "rollout", "status", "deployment/margay-controllers", "--timeout=300s");
        await tidy.KubectlAsync("create", "deployment", "pods", "--image=k8s.gcr.io/pause:3.2", "--replicas=3");
        await tidy.KubectlAsync("rollout", "status", "deployment/pods", "--timeout=300s");
        Assert.NotEqual(before, await StateAsync(tidy));

        await tidy.KubectlAsync("-n", "margay-system", "delete", "deployment/margay-controllers", "--cascade=foreground", "--timeout=300s");
        await tidy.KubectlAsync("-n", "margay-system", "delete", "daemonset/margay-node", "--timeout=300s");
        await tidy.KubectlAsync("apply", "-f", Manifest("margay-uninstall"));
        await tidy.KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-uninstall", "--timeout=300s");
        await tidy.KubectlAsync("delete", "-f", Manifest("margay-uninstall"), "-f", Manifest("margay"), "--ignore-not-found", "--timeout=300s");
        Assert.Equal(before, await StateAsync(tidy));
        Assert.Contains("ippools.crd.projectcalico.org", await tidy.KubectlAsync("get", "crd", "-o", "name"), StringComparison.Ordinal);
    }

    private static string Manifest(string name) => RepositoryFolder.In("deploy", "manifests", $"{name}.yaml");

    private static Task<string> StateAsync(FurtherTestbed testbed) => testbed.RunAsync("exec", "n1", Path.Combine(AppContext.BaseDirectory, "node-state"));
}
