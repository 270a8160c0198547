namespace Margay.Model.Resources;

/// <summary>A reference to any object (core/v1 ObjectReference).</summary>
public sealed class ObjectReference
{
    /// <summary>The kind.</summary>
    public string? Kind { get; set; }

    /// <summary>The namespace.</summary>
    public string? Namespace { get; set; }

    /// <summary>The name.</summary>
    public string? Name { get; set; }

    /// <summary>The uid.</summary>
    public string? Uid { get; set; }

    /// <summary>The group and version.</summary>
    public string? ApiVersion { get; set; }

    /// <summary>The exact version meant, if any.</summary>
    public string? ResourceVersion { get; set; }

    /// <summary>A part of the object, for example <c>spec.containers{name}</c>.</summary>
    public string? FieldPath { get; set; }
}

/// <summary>A reference to an object in the same namespace.</summary>
public sealed class LocalObjectReference
{
    /// <summary>The name.</summary>
    public string? Name { get; set; }
}
