using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Kubectl;

public sealed class DocumentTests(DocumentHost host) : IClassFixture<DocumentHost>
{
    public static IEnumerable<TheoryDataRow<string>> Programs => KubectlProgram.All.Select(p => new TheoryDataRow<string>(p.Name));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Explain_shows_a_deep_field_of_a_pod(string name)
    {
        var result = await RunAsync(name, "explain", "pods.spec.containers.livenessProbe.httpGet.port");

        Assert.True(result.Exit == 0, result.ToString());
        Assert.Contains("Name or number of the port to access on the container", result.Output, StringComparison.Ordinal);
        Assert.Contains("Pod", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Explain_marks_required_fields_and_types(string name)
    {
        var result = await RunAsync(name, "explain", "services.spec.ports");

        Assert.True(result.Exit == 0, result.ToString());
        Assert.Matches("port\\s+<integer> -required-", result.Output);
        Assert.Matches("appProtocol\\s+<string>", result.Output);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Explain_recursive_knows_every_kind(string name)
    {
        foreach (var kind in ServedKinds.Stored)
        {
            var result = await RunAsync(name, "explain", kind.Plural, "--recursive", $"--api-version={kind.Gvk.ApiVersion}");

            Assert.True(result.Exit == 0, result.ToString());
            Assert.Contains("ownerReferences", result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Api_resources_lists_short_names_and_scope(string name)
    {
        var result = await RunAsync(name, "api-resources", "-o", "wide");

        Assert.True(result.Exit == 0, result.ToString());
        Assert.Matches("pods\\s+po\\s+v1\\s+true\\s+Pod\\s+", result.Output);
        Assert.Matches("nodes\\s+no\\s+v1\\s+false\\s+Node\\s+", result.Output);
        Assert.Matches("networkpolicies\\s+netpol\\s+networking.k8s.io/v1\\s+true\\s+NetworkPolicy", result.Output);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Api_versions_and_version_are_answered(string name)
    {
        var versions = await RunAsync(name, "api-versions");
        var version = await RunAsync(name, "version");

        Assert.Equal("authentication.k8s.io/v1\nauthorization.k8s.io/v1\ncoordination.k8s.io/v1\ndiscovery.k8s.io/v1\nnetworking.k8s.io/v1\npolicy.networking.k8s.io/v1alpha2\nprojectcalico.org/v3\nrbac.authorization.k8s.io/v1\nv1\n", versions.Output);
        Assert.True(version.Exit == 0, version.ToString());
        Assert.Contains("+margay", version.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Client_side_validation_finds_unknown_fields_before_anything_is_sent(string name)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """
                apiVersion: v1
                kind: Pod
                metadata: {name: a}
                spec: {containers: [{name: c, imag: x}]}
                """, TestContext.Current.CancellationToken);

            var result = await RunAsync(name, "create", "--dry-run=client", "-f", file);

            if (name == "debian")
                Assert.Contains("unknown field \"imag\" in io.k8s.api.core.v1.Container", result.Errors, StringComparison.Ordinal);
            else
                Assert.True(result.Exit == 0, result.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<KubectlResult> RunAsync(string name, params string[] arguments) =>
        host.RunAsync(KubectlProgram.All.Single(p => p.Name == name), arguments);
}
