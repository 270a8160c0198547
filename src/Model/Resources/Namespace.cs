namespace Margay.Model.Resources;

/// <summary>A namespace (core v1).</summary>
public sealed class Namespace() : Resource(ApiVersions.Core, "Namespace")
{
    /// <summary>What the namespace needs before it can go.</summary>
    public NamespaceSpec? Spec { get; set; }

    /// <summary>Where the namespace is in its life.</summary>
    public NamespaceStatus? Status { get; set; }
}

/// <summary>What a namespace needs before it can go.</summary>
public sealed class NamespaceSpec
{
    /// <summary>Names that must be removed before the namespace goes; <c>kubernetes</c> stands for its content.</summary>
    public List<string>? Finalizers { get; set; }
}

/// <summary>Where a namespace is in its life.</summary>
public sealed class NamespaceStatus
{
    /// <summary><c>Active</c> or <c>Terminating</c>.</summary>
    public string? Phase { get; set; }

    /// <summary>What keeps a deletion from finishing.</summary>
    public List<Condition>? Conditions { get; set; }
}
