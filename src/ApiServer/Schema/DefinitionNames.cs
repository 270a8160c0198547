using System.Collections.Frozen;

namespace Margay.ApiServer.Schema;

/// <summary>Names types as the OpenAPI documents of Kubernetes do, so that tools that look for a name find it.</summary>
internal sealed class DefinitionNames
{
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private static readonly FrozenSet<string> MetaTypes = new[]
    {
        "ObjectMeta", "ListMeta", "OwnerReference", "ManagedFieldsEntry", "LabelSelector", "LabelSelectorRequirement", "Condition",
        "Status", "StatusDetails", "StatusCause", "DeleteOptions", "Preconditions", "ShardInfo", "APIGroup", "APIGroupList",
        "APIResource", "APIResourceList", "APIVersions", "GroupVersionForDiscovery", "ServerAddressByClientCIDR", "MicroTime",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> SharedCoreTypes = new[]
    {
        "ObjectReference", "LocalObjectReference", "TypedLocalObjectReference", "SecretReference", "NodeSelector", "NodeSelectorTerm",
        "NodeSelectorRequirement", "TopologySelectorTerm",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, Type> _taken = new(StringComparer.Ordinal);

    /// <summary>The definition name of a class; the root kind says to which group an unmarked class belongs.</summary>
    public string Of(Type type, GroupVersionKind root)
    {
        var name = $"{Prefix(type, root)}.{Short(type)}";
        // Two classes of ours may have one name in different namespaces; the second is told apart by its folder.
        if (!_taken.TryAdd(name, type) && _taken[name] != type)
        {
            name = $"{Prefix(type, root)}.{type.Namespace?.Split('.')[^1]}{Short(type)}";
            _taken.Add(name, type);
        }

        return name;
    }

    /// <summary>The upstream name of a class: <c>V1Pod</c> is Pod, <c>Discoveryv1EndpointPort</c> is EndpointPort.</summary>
    public static string Short(Type type)
    {
        var name = type.Name;
        if (type.Namespace != "k8s.Models")
            return name;
        int digit = name.IndexOf("v1", StringComparison.OrdinalIgnoreCase);
        return digit < 0 || digit + 2 == name.Length || !char.IsUpper(name[digit + 2]) ? name : name[(digit + 2)..];
    }

    private static string Prefix(Type type, GroupVersionKind root)
    {
        var name = Short(type);
        if (type.Namespace != "k8s.Models")
            return root.Group == "policy.networking.k8s.io" ? $"io.k8s.networking.policy.{root.Version}" : "org.projectcalico.v3";
        if (MetaTypes.Contains(name))
            return Meta;
        if (SharedCoreTypes.Contains(name))
            return "io.k8s.api.core.v1";
        return $"io.k8s.api.{GroupFolder(root.Group)}.{root.Version}";
    }

    private static string GroupFolder(string group) => group.Length == 0 ? "core" : group.Split('.')[0];
}
