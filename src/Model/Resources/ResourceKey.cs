namespace Margay.Model.Resources;

/// <summary>What one object is called in the whole cluster.</summary>
/// <param name="ApiVersion">Group and version, for example <c>networking.k8s.io/v1</c>: NetworkPolicy is a kind of two groups.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">The namespace; empty for cluster-wide kinds.</param>
/// <param name="Name">The name.</param>
public readonly record struct ResourceKey(string ApiVersion, string Kind, string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? $"{Kind}({Name})" : $"{Kind}({Namespace}/{Name})";
}

/// <summary>A change to one object, as a watch reports it, without the difference between created and updated.</summary>
/// <param name="Key">The object.</param>
/// <param name="Value">Its state now, or null when it is gone.</param>
public readonly record struct ResourceUpdate(ResourceKey Key, Resource? Value);
