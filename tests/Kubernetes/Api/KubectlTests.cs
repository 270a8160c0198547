using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>Every verb, by every kubectl, through a real cluster's API server.</summary>
[Collection(ControlPlane.OneAtATime)]
public sealed class KubectlTests(ControlPlane cluster)
{
    private const string Policies = "globalnetworkpolicies.projectcalico.org";

    public static TheoryData<string> AllKubectls => [.. Programs.Kubectls];

    [Theory]
    [MemberData(nameof(AllKubectls))]
    public async Task Apply_get_diff_edit_patch_and_delete(string program)
    {
        Kubectl kubectl = For(program);
        string name = Fresh();
        Assert.Contains("created", await kubectl.ExpectInputAsync(Policy(name, 10), "apply", "-f", "-"), StringComparison.Ordinal);
        Assert.Contains("unchanged", await kubectl.ExpectInputAsync(Policy(name, 10), "apply", "-f", "-"), StringComparison.Ordinal);
        KubectlResult difference = await kubectl.RunInputAsync(Policy(name, 20), null, "diff", "-f", "-");
        Assert.Equal(1, difference.Code);
        Assert.Contains("+  order: 20", difference.Output, StringComparison.Ordinal);
        Assert.Contains("configured", await kubectl.ExpectInputAsync(Policy(name, 20), "apply", "-f", "-"), StringComparison.Ordinal);
        Assert.Equal("20", await kubectl.ExpectAsync("get", Policies, name, "-o", "jsonpath={.spec.order}"));
        KubectlResult edited = await kubectl.RunInputAsync(null, "sed -i s/order:.20/order:\\ 30/", "edit", Policies, name);
        Assert.True(edited.Code == 0, edited.Errors);
        await kubectl.ExpectAsync("patch", Policies, name, "--type=merge", "-p", """{"metadata":{"labels":{"team":"a"}}}""");
        await kubectl.ExpectAsync("patch", Policies, name, "--type=json", "-p", """[{"op":"add","path":"/spec/types","value":["Ingress"]}]""");
        var read = JsonNode.Parse(await kubectl.ExpectAsync("get", Policies, name, "-o", "json"))!;
        Assert.Equal(("projectcalico.org/v3", 30, "a"), (read["apiVersion"]!.ToString(), read["spec"]!["order"]!.GetValue<double>(), read["metadata"]!["labels"]!["team"]!.ToString()));
        Assert.Contains(name, await kubectl.ExpectAsync("get", Policies, "-l", "team=a"), StringComparison.Ordinal);
        Assert.Contains(name, await kubectl.ExpectAsync("get", Policies, "--field-selector", "spec.tier=default"), StringComparison.Ordinal);
        Assert.Contains("deleted", await kubectl.ExpectAsync("delete", Policies, name), StringComparison.Ordinal);
        Assert.Contains("NotFound", (await kubectl.RunAsync("get", Policies, name)).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllKubectls))]
    public async Task Server_side_apply_and_dry_run(string program)
    {
        Kubectl kubectl = For(program);
        string name = Fresh();
        await kubectl.ExpectInputAsync(Policy(name, 1), "apply", "--dry-run=server", "-f", "-");
        Assert.NotEqual(0, (await kubectl.RunAsync("get", Policies, name)).Code);
        await kubectl.ExpectInputAsync(Policy(name, 1), "apply", "--server-side", "--field-manager=one", "-f", "-");
        KubectlResult conflict = await kubectl.RunInputAsync(Policy(name, 2), null, "apply", "--server-side", "--field-manager=two", "-f", "-");
        Assert.Contains("conflict", conflict.Errors, StringComparison.OrdinalIgnoreCase);
        await kubectl.ExpectInputAsync(Policy(name, 2), "apply", "--server-side", "--force-conflicts", "--field-manager=two", "-f", "-");
        Assert.Equal("2", await kubectl.ExpectAsync("get", Policies, name, "-o", "jsonpath={.spec.order}"));
    }

    [Theory]
    [MemberData(nameof(AllKubectls))]
    public async Task Explain_and_discovery(string program)
    {
        Kubectl kubectl = For(program);
        // The cluster merges the documents of its servers after a while.
        await ControlPlane.UntilAsync(
            async () => (await kubectl.RunAsync("explain", "globalnetworkpolicies.spec.ingress", "--api-version=projectcalico.org/v3")).Output.Contains("action", StringComparison.Ordinal),
            cluster.Margay);
        string resources = await kubectl.ExpectAsync("api-resources", "--api-group=projectcalico.org");
        foreach (string plural in (string[])["tiers", "globalnetworkpolicies", "networksets", "ippools", "felixconfigurations"]) Assert.Contains(plural, resources, StringComparison.Ordinal);
        Assert.Contains("projectcalico.org/v3", await kubectl.ExpectAsync("api-versions"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllKubectls))]
    public async Task Tables_name_what_matters_of_a_kind(string program)
    {
        string table = await For(program).ExpectAsync("get", "tiers.projectcalico.org");
        Assert.Matches("(?m)^NAME +.*ORDER", table);
        Assert.Matches("(?m)^default +.*1000000", table);
    }

    [Theory]
    [MemberData(nameof(AllKubectls))]
    public async Task A_watch_is_told_what_happens(string program)
    {
        Kubectl kubectl = For(program);
        string listed = Fresh(), name = Fresh();
        await kubectl.ExpectInputAsync(Set(listed), "apply", "-f", "-");
        using Process watch = kubectl.Start(null, "get", "globalnetworksets.projectcalico.org", "--watch", "-o", "name");
        try
        {
            // The list is printed first; what comes after that comes by the watch.
            await ToldAsync(watch, listed);
            await kubectl.ExpectInputAsync(Set(name), "apply", "-f", "-");
            await ToldAsync(watch, name);
        }
        finally
        {
            watch.Kill();
        }
    }

    [Theory]
    [MemberData(nameof(AllKubectls))]
    public async Task What_is_wrong_is_told_with_its_field(string program)
    {
        KubectlResult refused = await For(program).RunInputAsync(Policy(Fresh(), 1).Replace("Deny", "Maybe", StringComparison.Ordinal), null, "create", "-f", "-");
        Assert.Contains("spec.ingress[0].action", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllKubectls))]
    public async Task Profiles_follow_from_namespaces_and_service_accounts_and_are_read_only(string program)
    {
        Kubectl kubectl = For(program);
        string name = Fresh();
        using Process watch = kubectl.Start(null, "get", "profiles.projectcalico.org", "--watch", "-o", "name");
        try
        {
            // The list is printed first; what comes after that comes by the watch.
            await ToldAsync(watch, "projectcalico-default-allow");
            await kubectl.ExpectAsync("create", "namespace", name);
            await kubectl.ExpectAsync("label", "namespace", name, "team=a");
            await kubectl.ExpectAsync("create", "serviceaccount", "robot", "-n", name);
            await ControlPlane.UntilAsync(
                async () => await kubectl.ExpectAsync("get", "profiles.projectcalico.org", "-o", "name") is var all && all.Contains($"/kns.{name}\n", StringComparison.Ordinal)
                    && all.Contains($"/ksa.{name}.robot\n", StringComparison.Ordinal) && all.Contains("/projectcalico-default-allow\n", StringComparison.Ordinal),
                cluster.Margay);
            Assert.Equal("a", await kubectl.ExpectAsync("get", "profiles.projectcalico.org", $"kns.{name}", "-o", "jsonpath={.spec.labelsToApply.pcns\\.team}"));
            await ToldAsync(watch, $"ksa.{name}.robot");
        }
        finally
        {
            watch.Kill();
        }
        Assert.Contains("MethodNotAllowed", (await kubectl.RunAsync("delete", "profiles.projectcalico.org", $"kns.{name}")).Errors, StringComparison.Ordinal);
        KubectlResult made = await kubectl.RunInputAsync("""{"apiVersion":"projectcalico.org/v3","kind":"Profile","metadata":{"name":"mine"},"spec":{} }""", null, "create", "-f", "-");
        Assert.Contains("MethodNotAllowed", made.Errors, StringComparison.Ordinal);
        await kubectl.ExpectAsync("delete", "namespace", name, "--wait=false");
    }

    private static async Task ToldAsync(Process watch, string what)
    {
        string? line;
        do
        {
            line = await ControlPlane.InTimeAsync(watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), () => $"the watch says nothing of {what}");
        }
        while (line is not null && !line.Contains(what, StringComparison.Ordinal));
        Assert.NotNull(line);
    }

    private Kubectl For(string program) => new(program, cluster.Admin, Directory.CreateDirectory(Path.Combine(cluster.Folder, "home" + program.Length)).FullName);

    private static string Fresh() => $"p-{Guid.NewGuid():N}"[..12];

    private static string Policy(string name, int order) => $$"""
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata:
          name: {{name}}
        spec:
          order: {{order}}
          selector: all()
          ingress:
            - action: Deny
        """;

    private static string Set(string name) => $$"""{"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkSet","metadata":{"name":"{{name}}"},"spec":{"nets":["192.0.2.0/24"]} }""";
}
