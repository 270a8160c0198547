namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>Rights by tier, as people meet them with kubectl.</summary>
public sealed class TierTests(KubectlCluster cluster) : KubectlTestBase(cluster)
{
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_team_works_in_its_tier_and_sees_no_other(string program)
    {
        await using KubectlSession kubectl = await StartAsync(program);
        string space = kubectl.Namespace, user = $"jane-{space}", policies = "networkpolicies.projectcalico.org";
        await kubectl.OkWith(Tier($"{space}-shop") + Tier($"{space}-strict") + Roles(space, user), "apply", "-f", "-");
        await kubectl.OkWith(Policy("strict", $"{space}-strict"), "create", "-f", "-");

        await kubectl.OkWith(Policy("mine", $"{space}-shop"), "--as", user, "apply", "-f", "-");
        await kubectl.OkWith(Policy("mine", $"{space}-shop", "has(app)"), "--as", user, "apply", "-f", "-");
        Assert.Contains("mine", await kubectl.Ok("--as", user, "get", policies), StringComparison.Ordinal);
        Assert.DoesNotContain("strict", await kubectl.Ok("--as", user, "get", policies, "-o", "name"), StringComparison.Ordinal);
        Assert.Contains($"in tier \"{space}-strict\"", await kubectl.Fails("--as", user, "get", policies, "strict"), StringComparison.Ordinal);
        Assert.Contains($"in tier \"{space}-strict\"", await kubectl.Fails("--as", user, "patch", policies, "mine", "--type", "merge", "-p", $$$"""{"spec":{"tier":"{{{space}}}-strict"}}"""), StringComparison.Ordinal);
        await kubectl.Ok("--as", user, "delete", policies, "--all");
        Assert.Contains("strict", await kubectl.Ok("get", policies, "-o", "name"), StringComparison.Ordinal);

        Assert.Equal("yes", await CanAsync(kubectl, user, "create", policies));
        Assert.Equal("no", await CanAsync(kubectl, user, "get", $"{policies}/strict"));
        Assert.Equal("yes", await CanAsync(kubectl, user, "delete", $"tier.{policies}/{space}-shop.*"));
        Assert.Equal("no", await CanAsync(kubectl, user, "delete", $"tier.{policies}/{space}-strict.*"));
    }

    private static async Task<string> CanAsync(KubectlSession kubectl, string user, string verb, string what) =>
        (await kubectl.RunAsync(["--as", user, "auth", "can-i", verb, what], null, null)).Output.Trim().Split('\n')[^1].Split(' ')[0];

    private static string Tier(string name) => $$"""
        apiVersion: projectcalico.org/v3
        kind: Tier
        metadata: {name: {{name}}}
        spec: {order: 100}
        ---

        """;

    private static string Policy(string name, string tier, string selector = "all()") => $$"""
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: {{name}}}
        spec: {tier: {{tier}}, selector: {{selector}}}
        """;

    private static string Roles(string space, string user) => $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "{{space}}-see"}
        rules:
        - {apiGroups: [projectcalico.org], resources: [tiers], resourceNames: ["{{space}}-shop"], verbs: [get]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: "{{space}}-see"}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{{space}}-see"}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "{{user}}"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: shop}
        rules:
        - {apiGroups: [projectcalico.org], resources: [tier.networkpolicies], resourceNames: ["{{space}}-shop.*"], verbs: ["*"]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: "{{user}}"}]
        """;
}
