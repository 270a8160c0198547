using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Margay.Model.Resources;

namespace Margay.Model.Registry;

/// <summary>Everything about a kind that is not in its objects: names, scope, verbs, and how it is read and written.</summary>
public abstract class KindInfo
{
    /// <summary>The API group; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The version in the group.</summary>
    public required string Version { get; init; }

    /// <summary>The kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The plural in lower case: the kind's place in paths.</summary>
    public required string Plural { get; init; }

    /// <summary>Whether its objects are in namespaces.</summary>
    public required bool Namespaced { get; init; }

    /// <summary>The short names that discovery tells.</summary>
    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>Further names that our command line takes, by calicoctl's habit.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The categories that discovery tells, for example <c>all</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Whether it has the <c>status</c> subresource.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Whether our own API server serves it; false for versions that are only read from older clusters.</summary>
    public bool Served { get; init; } = true;

    /// <summary>The verbs that discovery tells.</summary>
    public ImmutableArray<string> Verbs { get; init; } =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>The singular in lower case.</summary>
    public string Singular => Kind.ToLowerInvariant();

    /// <summary>The kind of lists.</summary>
    public string ListKind => Kind + "List";

    /// <summary>Group and version as in <c>apiVersion</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>The resource with its group, as Kubernetes names it in messages: <c>networksets.projectcalico.org</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : Plural + "." + Group;

    /// <summary>The type of its objects.</summary>
    public abstract Type ClrType { get; }

    /// <summary>How an object is read and written.</summary>
    public abstract JsonTypeInfo TypeInfo { get; }

    /// <summary>How a list is read and written.</summary>
    public abstract JsonTypeInfo ListTypeInfo { get; }

    /// <summary>Reads an object; fields that the kind does not have are left out.</summary>
    /// <param name="json">The object in UTF-8.</param>
    /// <exception cref="JsonException">The JSON is broken or a field has the wrong type.</exception>
    public Resource Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return Read(ref reader);
    }

    /// <summary>Reads an object where a reader stands, at its opening brace or just before it.</summary>
    /// <param name="reader">The reader; it then stands at the closing brace.</param>
    /// <exception cref="JsonException">The JSON is broken or a field has the wrong type.</exception>
    public Resource Read(ref Utf8JsonReader reader) =>
        (Resource?)JsonSerializer.Deserialize(ref reader, TypeInfo) ?? throw new JsonException("expected an object, found null");

    /// <summary>Writes an object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">An object of this kind.</param>
    public void Write(Utf8JsonWriter writer, Resource value) => JsonSerializer.Serialize(writer, value, TypeInfo);

    /// <summary>A copy that shares nothing with the original.</summary>
    /// <param name="value">An object of this kind.</param>
    public Resource Clone(Resource value) => Read(JsonSerializer.SerializeToUtf8Bytes(value, TypeInfo));

    /// <summary>What an object of this kind is called in the whole cluster.</summary>
    /// <param name="ns">The namespace; ignored for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    public ResourceKey KeyOf(string? ns, string name) => new(ApiVersion, Kind, Namespaced ? ns ?? "" : "", name);

    /// <summary>The path of an object or a collection on the API server.</summary>
    /// <param name="ns">The namespace, or null for all of them; ignored for cluster-wide kinds.</param>
    /// <param name="name">The object, or null for the collection.</param>
    /// <param name="subresource">The subresource, for example <c>status</c>, or null.</param>
    public string Path(string? ns, string? name = null, string? subresource = null)
    {
        string path = Group.Length == 0 ? "/api/" + Version : "/apis/" + Group + "/" + Version;
        if (Namespaced && !string.IsNullOrEmpty(ns))
            path += "/namespaces/" + Uri.EscapeDataString(ns);
        path += "/" + Plural;
        if (name is not null)
            path += "/" + Uri.EscapeDataString(name);
        return subresource is null ? path : path + "/" + subresource;
    }

    /// <inheritdoc/>
    public override string ToString() => ApiVersion + " " + Kind;
}

/// <summary>A kind together with the type of its objects.</summary>
/// <typeparam name="T">The type of its objects.</typeparam>
/// <param name="typeInfo">How an object is read and written.</param>
/// <param name="listTypeInfo">How a list is read and written.</param>
public sealed class KindInfo<T>(JsonTypeInfo<T> typeInfo, JsonTypeInfo<ResourceList<T>> listTypeInfo) : KindInfo
    where T : Resource
{
    /// <inheritdoc/>
    public override Type ClrType => typeof(T);

    /// <inheritdoc/>
    public override JsonTypeInfo TypeInfo => typeInfo;

    /// <inheritdoc/>
    public override JsonTypeInfo ListTypeInfo => listTypeInfo;

    /// <summary>How an object is read and written, with its type.</summary>
    public JsonTypeInfo<T> Typed => typeInfo;

    /// <summary>How a list is read and written, with its type.</summary>
    public JsonTypeInfo<ResourceList<T>> TypedList => listTypeInfo;
}
