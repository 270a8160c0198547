using Margay.Lab.Processes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>Plain manifests on a testbed of its own, and off again as docs/install/kubernetes.md says.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class UninstallTests(Testbed testbed)
{
    private const string Name = "tidy";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plain_manifests_install_and_uninstall_leaves_the_node_as_it_was()
    {
        // The images are those that the cluster of the other tests runs.
        Assert.NotEmpty(testbed.Kubeconfig);
        await RunAsync("up", "--nodes", "1");
        try
        {
            foreach (string image in (string[])["node", "cni", "server"])
                await RunAsync("load", RepositoryFolder.In("artifacts", "images", $"margay-{image}.tar"));
            string before = await StateAsync();

            await KubectlAsync("apply", "-f", RepositoryFolder.In("deploy", "crds"));
            await KubectlAsync("wait", "--for=condition=Established", "-f", RepositoryFolder.In("deploy", "crds"));
            await KubectlAsync("apply", "-f", Manifest("margay"));
            await KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-node", "--timeout=120s");
            await KubectlAsync("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
            await KubectlAsync("-n", "margay-system", "rollout", "status", "deployment/margay-controllers", "--timeout=120s");
            await KubectlAsync("create", "deployment", "pods", "--image=k8s.gcr.io/pause:3.2", "--replicas=3");
            await KubectlAsync("rollout", "status", "deployment/pods", "--timeout=120s");
            Assert.NotEqual(before, await StateAsync());

            await KubectlAsync("-n", "margay-system", "delete", "deployment/margay-controllers", "--cascade=foreground");
            await KubectlAsync("-n", "margay-system", "delete", "daemonset/margay-node");
            await KubectlAsync("apply", "-f", Manifest("margay-uninstall"));
            await KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-uninstall", "--timeout=120s");
            await KubectlAsync("delete", "-f", Manifest("margay-uninstall"), "-f", Manifest("margay"), "--ignore-not-found", "--timeout=120s");
            Assert.Equal(before, await StateAsync());
            Assert.Contains("ippools.crd.projectcalico.org", await KubectlAsync("get", "crd", "-o", "name"), StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync("down");
        }
    }

    private static string Manifest(string name) => RepositoryFolder.In("deploy", "manifests", $"{name}.yaml");

    private static Task<string> StateAsync() => RunAsync("exec", "n1", Path.Combine(AppContext.BaseDirectory, "node-state"));

    private static Task<string> KubectlAsync(params string[] arguments) => RunAsync(["kubectl", .. arguments]);

    private static Task<string> RunAsync(params string[] arguments) => Command.RequireAsync(RepositoryFolder.In("testbed"), ["--name", Name, .. arguments], Stop);
}
