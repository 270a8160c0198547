namespace Margay.ApiServer.Tests.Kubectl;

public sealed class ValidationTests(KubectlCluster cluster) : KubectlTestBase(cluster)
{
    [Theory, MemberData(nameof(Programs))]
    public async Task A_bad_policy_comes_back_with_every_cause(string program)
    {
        await using var kubectl = await StartAsync(program);

        var result = await kubectl.RunAsync(["create", "--validate=false", "-f", "-"], """
            apiVersion: projectcalico.org/v3
            kind: NetworkPolicy
            metadata: {name: bad}
            spec:
              selector: "app == "
              ingress:
              - action: Maybe
                destination: {nets: [10.0.0.0/99]}
            """, null);

        Assert.True(result.Exit != 0, result.ToString());
        Assert.Contains("is invalid", result.Errors, StringComparison.Ordinal);
        Assert.Contains("spec.selector", result.Errors, StringComparison.Ordinal);
        Assert.Contains("spec.ingress[0].action", result.Errors, StringComparison.Ordinal);
        Assert.Contains("spec.ingress[0].destination.nets[0]", result.Errors, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Wrong_types_are_named_with_their_fields(string program)
    {
        await using var kubectl = await StartAsync(program);

        var result = await kubectl.RunAsync(["create", "--validate=false", "-f", "-"], """
            apiVersion: v1
            kind: Pod
            metadata: {name: bad}
            spec: {hostNetwork: "yes", containers: [{name: c, ports: [{containerPort: "x"}]}]}
            """, null);

        Assert.True(result.Exit != 0, result.ToString());
        Assert.Contains("spec.hostNetwork", result.Errors, StringComparison.Ordinal);
        Assert.Contains("spec.containers[0].ports[0].containerPort", result.Errors, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task An_unknown_field_is_an_error_unless_validation_is_off(string program)
    {
        await using var kubectl = await StartAsync(program);
        var manifest = Manifests.CalicoPolicy("c").Replace("action: Allow", "acton: Deny\n    action: Allow", StringComparison.Ordinal);

        var strict = await kubectl.RunAsync(["create", "-f", "-"], manifest, null);
        Assert.True(strict.Exit != 0, strict.ToString());
        Assert.Contains("acton", strict.Errors, StringComparison.Ordinal);
        await kubectl.OkWith(manifest, "create", "--validate=false", "-f", "-");
        Assert.DoesNotContain("acton", await kubectl.Ok("get", "cnp", "c", "-o", "yaml"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task An_object_in_a_namespace_that_is_not_there_is_refused(string program)
    {
        await using var kubectl = await StartAsync(program);

        var result = await kubectl.RunAsync(["create", "-n", "nowhere-at-all", "-f", "-"], Manifests.Pod("a"), null);

        Assert.Contains("namespaces \"nowhere-at-all\" not found", result.Errors, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task A_stale_replace_is_a_conflict(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.CalicoPolicy("c"), "create", "-f", "-");
        var old = await kubectl.Ok("get", "cnp", "c", "-o", "yaml");
        await kubectl.Ok("annotate", "cnp", "c", "a=b");

        var result = await kubectl.RunAsync(["replace", "-f", "-"], old, null);

        Assert.Contains("the object has been modified", result.Errors, StringComparison.Ordinal);
    }
}
