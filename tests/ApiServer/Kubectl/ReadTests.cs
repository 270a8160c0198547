using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Kubectl;

public sealed class ReadTests(KubectlCluster cluster) : KubectlTestBase(cluster)
{
    [Theory, MemberData(nameof(Programs))]
    public async Task Get_prints_a_pod_in_every_format(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.Pod("a"), "create", "-f", "-");

        Assert.Matches(@"NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s*\na\s+0/1\s+\w+\s+0\s+\d+s", await kubectl.Ok("get", "pods"));
        Assert.Matches(@"NODE\s+NOMINATED NODE\s+READINESS GATES\s*\na\s.*node-1\s+<none>\s+<none>", await kubectl.Ok("get", "po", "-o", "wide"));
        Assert.Contains("containerPort: 8080", await kubectl.Ok("get", "pod/a", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Equal("main", JsonNode.Parse(await kubectl.Ok("get", "pod", "a", "-o", "json"))!["spec"]!["containers"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("registry.test/main:1", await kubectl.Ok("get", "pod", "a", "-o", "jsonpath={.spec.containers[0].image}"));
        Assert.Equal("pod/a\n", await kubectl.Ok("get", "pods", "-o", "name"));
        Assert.Matches(@"N\s+I\s*\na\s+registry.test/main:1", await kubectl.Ok("get", "pods", "-o", "custom-columns=N:.metadata.name,I:.spec.containers[*].image"));
        Assert.Contains("app=web", await kubectl.Ok("get", "pods", "--show-labels"), StringComparison.Ordinal);
        Assert.Matches(@"APP\s*\na\s.*web", await kubectl.Ok("get", "pods", "-L", "app"));
        Assert.Matches($@"{kubectl.Namespace}\s+a\s", await kubectl.Ok("get", "pods", "-A"));
        Assert.Matches(@"^pod/a\s", await kubectl.Ok("get", "all", "--no-headers"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Every_kind_can_be_listed_by_every_name(string program)
    {
        await using var kubectl = await StartAsync(program);
        foreach (var kind in Margay.ApiServer.Schema.ServedKinds.Stored)
        {
            var suffix = kind.Gvk.Group.Length == 0 ? "" : $".{kind.Gvk.Group}";
            foreach (var name in kind.ShortNames.Append(kind.Plural + suffix).Append(kind.Singular + suffix))
            {
                await kubectl.Ok("get", name);
                await kubectl.Ok("get", name, "-o", "wide", "-A");
            }
        }
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Selectors_and_sorting_narrow_and_order_lists(string program)
    {
        await using var kubectl = await StartAsync(program);
        foreach (var (name, app) in new[] { ("c", "web"), ("b", "db"), ("a", "web") })
            await kubectl.OkWith(Manifests.Pod(name, app), "create", "-f", "-");

        Assert.Equal("pod/a\npod/c\n", await kubectl.Ok("get", "pods", "-l", "app=web", "-o", "name"));
        Assert.Equal("pod/b\n", await kubectl.Ok("get", "pods", "-l", "app notin (web),app", "-o", "name"));
        Assert.Equal("pod/b\n", await kubectl.Ok("get", "pods", "--field-selector", "metadata.name=b", "-o", "name"));
        Assert.Equal("pod/a\npod/b\npod/c\n", await kubectl.Ok("get", "pods", "--field-selector", "spec.nodeName=node-1", "-o", "name"));
        Assert.Equal("pod/a\npod/b\npod/c\n", await kubectl.Ok("get", "pods", "--chunk-size", "1", "-o", "name"));
        Assert.Equal(4, (await kubectl.Ok("get", "pods", "--chunk-size", "1")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches(@"^a\s[^\n]*\nc\s[^\n]*\nb\s", await kubectl.Ok("get", "pods", "--no-headers", "--sort-by", ".metadata.labels.app", "-l", "app in (web)") +
            await kubectl.Ok("get", "pods", "--no-headers", "-l", "app=db"));
        Assert.Contains("field label not supported", await kubectl.Fails("get", "pods", "--field-selector", "spec.nothing=1"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task What_is_not_there_is_said_in_the_usual_words(string program)
    {
        await using var kubectl = await StartAsync(program);

        Assert.Equal("Error from server (NotFound): pods \"nobody\" not found\n", await kubectl.Fails("get", "pod", "nobody"));
        Assert.Equal("Error from server (NotFound): tiers.projectcalico.org \"nobody\" not found\n", await kubectl.Fails("get", "tier", "nobody"));
        Assert.Contains("the server doesn't have a resource type \"gizmos\"", await kubectl.Fails("get", "gizmos"), StringComparison.Ordinal);
        var none = await kubectl.RunAsync(["get", "pods"], null, null);
        Assert.Equal($"No resources found in {kubectl.Namespace} namespace.\n", none.Errors);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Describe_tells_about_each_kind(string program)
    {
        await using var kubectl = await StartAsync(program);
        foreach (var manifest in new[] { Manifests.Pod("a"), Manifests.Service("s"), Manifests.NetworkPolicy("np"), Manifests.CalicoPolicy("c") })
            await kubectl.OkWith(manifest, "create", "-f", "-");

        Assert.Matches(@"Image:\s+registry.test/main:1", await kubectl.Ok("describe", "pod", "a"));
        Assert.Matches(@"Selector:\s+app=web", await kubectl.Ok("describe", "service", "s"));
        Assert.Contains("Allowing ingress traffic", await kubectl.Ok("describe", "netpol", "np"), StringComparison.Ordinal);
        Assert.Matches(@"Selector:\s+app == 'web'", await kubectl.Ok("describe", "cnp", "c"));
        Assert.Matches(@"Status:\s+Active", await kubectl.Ok("describe", "namespace", kubectl.Namespace));
        Assert.Matches(@"Order:\s+1e\+06|Order:\s+1000000", await kubectl.Ok("describe", "tier", "default"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task The_server_tells_about_itself(string program)
    {
        await using var kubectl = await StartAsync(program);

        Assert.Equal("yes\n", await kubectl.Ok("auth", "can-i", "create", "pods"));
        Assert.Contains("*.*", await kubectl.Ok("auth", "can-i", "--list"), StringComparison.Ordinal);
        Assert.Contains("running at", await kubectl.Ok("cluster-info"), StringComparison.Ordinal);
        Assert.Equal("ok", (await kubectl.Ok("get", "--raw", "/readyz")).Trim());
        if (!kubectl.IsDebian)
            Assert.Contains("Username", await kubectl.Ok("auth", "whoami"), StringComparison.Ordinal);
    }
}
