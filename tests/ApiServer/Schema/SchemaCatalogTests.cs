using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Schema;

public sealed class SchemaCatalogTests
{
    private static readonly SchemaCatalog Catalog = ServedKinds.Catalog.Value;

    [Fact]
    public void Types_have_the_names_that_Kubernetes_gives_them()
    {
        Assert.Equal("io.k8s.api.core.v1.Pod", Catalog.Find("v1", "Pod")!.Name);
        Assert.Equal("io.k8s.api.networking.v1.NetworkPolicy", Catalog.Find("networking.k8s.io/v1", "NetworkPolicy")!.Name);
        Assert.Equal("org.projectcalico.v3.NetworkPolicy", Catalog.Find("projectcalico.org/v3", "NetworkPolicy")!.Name);
        var names = Catalog.Types.Select(t => t.Name).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
                "io.k8s.api.core.v1.EndpointPort", "io.k8s.api.discovery.v1.EndpointPort", "io.k8s.api.core.v1.Event",
                "io.k8s.api.core.v1.ObjectReference", "io.k8s.api.core.v1.PodList", "org.projectcalico.v3.EntityRule",
            }, names);
        Assert.Equal(Catalog.Types.Count, names.Count);
    }

    [Fact]
    public void Every_field_that_people_write_is_described()
    {
        var silent = Catalog.Types.Where(t => t.Name.StartsWith("org.projectcalico", StringComparison.Ordinal))
            .SelectMany(t => t.Fields.Where(f => f.Value.Description.Length == 0).Select(f => $"{t.Name}.{f.Key}"));
        Assert.Empty(silent);
        Assert.StartsWith("List of containers", Field("v1", "Pod", "spec", "containers").Description, StringComparison.Ordinal);
    }

    [Fact]
    public void No_field_of_our_kinds_is_left_unchecked()
    {
        var free = Catalog.Types.Where(t => t.Name.StartsWith("org.projectcalico", StringComparison.Ordinal))
            .SelectMany(t => t.Fields.Where(f => Deepest(f.Value).Shape == FieldShape.Any).Select(f => $"{t.Name}.{f.Key}"));
        Assert.Empty(free);
    }

    [Theory]
    [InlineData("spec.containers", "name")]
    [InlineData("spec.containers.ports", "containerPort")]
    [InlineData("spec.containers.env", "name")]
    [InlineData("spec.initContainers.volumeMounts", "mountPath")]
    [InlineData("spec.volumes", "name")]
    [InlineData("status.conditions", "type")]
    [InlineData("metadata.ownerReferences", "uid")]
    [InlineData("spec.tolerations", null)]
    [InlineData("metadata.labels.some", null)]
    [InlineData("spec.nothing.here", null)]
    public void Merge_keys_are_those_of_Kubernetes(string path, string? key)
    {
        Assert.Equal(key, Catalog.PatchSchema("v1", "Pod").MergeKey(path));
    }

    [Fact]
    public void Sets_of_plain_values_merge_without_a_key()
    {
        var finalizers = Catalog.PatchSchema("projectcalico.org/v3", "Tier").MergeOf("metadata.finalizers");
        Assert.NotNull(finalizers);
        Assert.Null(finalizers.PatchKey);
        Assert.True(Catalog.PatchSchema("v1", "Pod").MergeOf("spec.volumes")!.RetainKeys);
        Assert.Null(Catalog.PatchSchema("projectcalico.org/v3", "NetworkPolicy").MergeOf("spec.ingress"));
    }

    private static FieldSchema Field(string apiVersion, string kind, params string[] path)
    {
        var type = Catalog.Find(apiVersion, kind);
        FieldSchema? field = null;
        foreach (var name in path)
        {
            Assert.True(type!.TryField(name, out field));
            type = field.Type;
        }

        return field!;
    }

    private static FieldSchema Deepest(FieldSchema field)
    {
        while (field.Items is not null)
            field = field.Items;
        return field;
    }
}
