using System.Diagnostics;
using Margay.Answers.Completion;
using Margay.Answers.Plan;
using Margay.Answers.Sources;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Answers.Tests.Sources;

public sealed class SourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("margay-sources-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Reads_files_folders_and_standard_input()
    {
        Write("a.yaml", Set("one"));
        Write("below/b.json", """{ "apiVersion": "projectcalico.org/v3", "kind": "NetworkSet", "metadata": { "name": "two", "namespace": "x" } }""");
        Write("readme.txt", "no manifest");
        Write("invariants.yaml", "invariants: []");
        Write("below/shop.invariants.yml", "invariants: []");
        Assert.Equal(["one"], Names(await Sources().ReadAsync([_folder], Stop)));
        Assert.Equal(["one", "two"], Names(await Sources(recursive: true).ReadAsync([_folder], Stop)));
        Assert.Equal(["three"], Names(await Sources(input: Set("three")).ReadAsync(["-"], Stop)));
        Assert.Equal(["one", "three"], Names(await Sources(input: Set("three")).ReadAsync([Path.Combine(_folder, "a.yaml"), "-"], Stop)));
        await Assert.ThrowsAsync<AnswerException>(() => Sources().ReadAsync([Path.Combine(_folder, "gone")], Stop));
    }

    [Fact]
    public void Knows_the_line_of_objects_fields_and_items_of_lists()
    {
        var set = Manifests.Read("""
            apiVersion: v1
            kind: List
            items:
              - apiVersion: projectcalico.org/v3
                kind: GlobalNetworkPolicy
                metadata: { name: p }
                spec:
                  ingress:
                    - action: Allow
                    - action: Deny
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkSet
            metadata: { name: s }
            """);
        Assert.Empty(set.Problems);
        Assert.Equal("test.yaml:10", set.Objects.First().Place.Describe("spec.ingress[1]"));
        Assert.Equal("test.yaml:4", set.Objects.First().Place.ToString());
        Assert.Equal("test.yaml:12", set.Objects.Last().Place.ToString());
    }

    [Theory]
    [InlineData("apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: p }\nspec:\n  selector: 'a =='", 5, "spec.selector")]
    [InlineData("apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: p }\nspec:\n  order: high", 5, "spec.order")]
    [InlineData("apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolice\nmetadata: { name: p }", 2, "kind")]
    [InlineData("apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: p }\nspec:\n  ordr: 5", 5, "spec.ordr")]
    [InlineData("just: text", 1, "")]
    [InlineData("a: [", 2, "")]
    public void Reports_what_is_invalid_with_line_and_field(string text, int line, string field)
    {
        var problem = Manifests.Read(text).Problems[0];
        Assert.Equal((line, field), (problem.Place.LineOf(problem.Field), problem.Field));
        Assert.StartsWith("test.yaml:", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_object_twice_is_a_problem_that_names_both_places()
    {
        var problem = Assert.Single(Manifests.Read(Set("one") + "\n---\n" + Set("one")).Problems);
        Assert.Contains("test.yaml:1", problem.Message, StringComparison.Ordinal);
        Assert.Equal(5, problem.Place.LineOf(""));
    }

    [Fact]
    public async Task Files_replace_objects_of_the_cluster()
    {
        var cluster = new InMemoryDatastore();
        await cluster.CreateAsync(KindRegistry.Of<GlobalNetworkSet>(), new GlobalNetworkSet { Metadata = new() { Name = "one" }, Spec = new() { Nets = ["192.0.2.0/24"] } }, Stop);
        await cluster.CreateAsync(KindRegistry.Of<GlobalNetworkSet>(), new GlobalNetworkSet { Metadata = new() { Name = "other" } }, Stop);
        Write("a.yaml", Set("one"));
        var both = await Sources(cluster: cluster).ReadAsync([_folder, "cluster"], Stop);
        Assert.Equal(["one", "other"], Names(both));
        Assert.Null(both.Of<GlobalNetworkSet>().Single(s => s.Metadata.Name == "one").Spec.Nets);
        var (before, after) = await new PlanSources(Sources(cluster: cluster)).ReadAsync([_folder], "cluster", [], Stop);
        Assert.NotNull(before.Of<GlobalNetworkSet>().Single(s => s.Metadata.Name == "one").Spec.Nets);
        Assert.Equal(2, after.Objects.Count);
    }

    [Fact]
    public async Task Reads_what_a_path_held_in_a_revision()
    {
        Write("policies/a.yaml", Set("one"));
        Write("policies/below/b.yaml", Set("two"));
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "first");
        Directory.Delete(Path.Combine(_folder, "policies"), recursive: true);
        string path = Path.Combine(_folder, "policies");
        var old = await Sources().ReadAsync([$"git:HEAD:{path}"], Stop);
        Assert.Equal(["one"], Names(old));
        Assert.Equal($"git:HEAD:{path}/a.yaml:1", old.Objects.Single().Place.ToString());
        Assert.Equal(["one", "two"], Names(await Sources(recursive: true).ReadAsync([$"git:HEAD:{path}"], Stop)));
        Assert.Equal(["two"], Names(await Sources().ReadAsync([$"git:HEAD:{path}/below/b.yaml"], Stop)));
        var error = await Assert.ThrowsAsync<AnswerException>(() => Sources().ReadAsync([$"git:nonsense:{path}"], Stop));
        Assert.Contains("nonsense", error.Message, StringComparison.Ordinal);

        Write("policies/a.yaml", Set("one") + "\nspec: { nets: [ 192.0.2.0/24 ] }");
        var (before, after) = await new PlanSources(Sources()).ReadAsync([path], "git:HEAD", [], Stop);
        Assert.Equal((1, 1), (before.Objects.Count, after.Objects.Count));
        Assert.NotNull(after.Of<GlobalNetworkSet>().Single().Spec.Nets);
    }

    [Fact]
    public void Adds_what_a_cluster_would_add()
    {
        var set = Manifests.Read("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web, namespace: shop }
            spec:
              replicas: 5
              template:
                metadata: { labels: { app: web } }
                spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 8080 } ] } ] }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: shop }
            spec: { selector: { app: web }, ports: [ { port: 80, targetPort: http } ] }
            """);
        WorldCompletion.Complete(set);
        Assert.Equal(["web-0", "web-1"], set.Of<Pod>().Select(p => p.Metadata.Name).Order());
        Assert.All(set.Of<Pod>(), p => Assert.Equal(("default", 2), (p.Spec.ServiceAccountName, p.Status!.PodIPs!.Count)));
        Assert.Equal("shop", set.Of<Namespace>().Single().Metadata.Labels!["kubernetes.io/metadata.name"]);
        Assert.Equal(["default"], set.Of<Tier>().Select(t => t.Metadata.Name));
        Assert.Equal([8080, 8080], set.Of<EndpointSlice>().Select(s => s.Ports![0].Port!.Value));
    }

    [Fact]
    public void A_pod_has_the_same_address_in_both_worlds()
    {
        var (before, after) = (Manifests.Read(Manifests.Pods), Manifests.Read(Manifests.Pods.Replace("name: b, namespace: dev", "name: aa, namespace: dev", StringComparison.Ordinal)));
        WorldCompletion.Complete(before, after);
        Assert.Equal(Address(before), Address(after));

        static string? Address(ResourceSet set) => set.Of<Pod>().Single(p => p.Metadata is { Name: "b", Namespace: "prod" }).Status!.PodIP;
    }

    private static ResourceSources Sources(bool recursive = false, string input = "", IResourceStore? cluster = null) =>
        new(() => cluster ?? throw new InvalidOperationException("Nobody asked for the cluster."), new StringReader(input)) { Recursive = recursive };

    private static string Set(string name) => $"apiVersion: projectcalico.org/v3\nkind: GlobalNetworkSet\nmetadata: {{ name: {name} }}";

    private static IEnumerable<string?> Names(ResourceSet set) => set.Resources.Select(r => r.Metadata.Name).Order(StringComparer.Ordinal);

    private void Write(string file, string text)
    {
        string path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _folder })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
