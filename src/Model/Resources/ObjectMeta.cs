using System.Text.Json.Nodes;

namespace Margay.Model.Resources;

/// <summary>The metadata of an object, as Kubernetes defines it (meta/v1 ObjectMeta).</summary>
public sealed class ObjectMeta
{
    /// <summary>The name; unique within namespace and kind.</summary>
    public string? Name { get; set; }

    /// <summary>A prefix from which the server makes a unique name when <see cref="Name"/> is empty.</summary>
    public string? GenerateName { get; set; }

    /// <summary>The namespace; empty for cluster-wide kinds.</summary>
    public string? Namespace { get; set; }

    /// <summary>Deprecated by Kubernetes; kept for round trips.</summary>
    public string? SelfLink { get; set; }

    /// <summary>Unique in time and space; set by the server.</summary>
    public string? Uid { get; set; }

    /// <summary>The opaque version; compare only for equality.</summary>
    public string? ResourceVersion { get; set; }

    /// <summary>Counts changes of the specification.</summary>
    public long? Generation { get; set; }

    /// <summary>When the object was made; RFC 3339.</summary>
    public string? CreationTimestamp { get; set; }

    /// <summary>When deletion was asked for; RFC 3339.</summary>
    public string? DeletionTimestamp { get; set; }

    /// <summary>Seconds that deletion may take.</summary>
    public long? DeletionGracePeriodSeconds { get; set; }

    /// <summary>Labels that selectors look at.</summary>
    public Dictionary<string, string>? Labels { get; set; }

    /// <summary>Notes that nothing selects by.</summary>
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>Objects whose end ends this one.</summary>
    public List<OwnerReference>? OwnerReferences { get; set; }

    /// <summary>Names that must be removed before the object goes.</summary>
    public List<string>? Finalizers { get; set; }

    /// <summary>Who set which fields; kept as it is.</summary>
    public JsonArray? ManagedFields { get; set; }
}

/// <summary>A reference to an owner (meta/v1 OwnerReference).</summary>
public sealed class OwnerReference
{
    /// <summary>The owner's group and version.</summary>
    public string? ApiVersion { get; set; }

    /// <summary>The owner's kind.</summary>
    public string? Kind { get; set; }

    /// <summary>The owner's name.</summary>
    public string? Name { get; set; }

    /// <summary>The owner's uid.</summary>
    public string? Uid { get; set; }

    /// <summary>Whether this is the managing controller.</summary>
    public bool? Controller { get; set; }

    /// <summary>Whether the owner's foreground deletion waits for this object.</summary>
    public bool? BlockOwnerDeletion { get; set; }
}
