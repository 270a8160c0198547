using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore;

/// <summary>
/// State, as the Kubernetes API offers it: the only way to read and write objects. What the store refuses is an
/// <see cref="ApiException"/>; what keeps it from being reached is an <see cref="HttpRequestException"/> or
/// <see cref="IOException"/>. <see cref="ResourceStoreExtensions"/> has the same verbs with typed objects.
/// </summary>
public interface IResourceStore
{
    /// <summary>Reads an object.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="ns">The namespace; ignored for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="stop">Ends the call.</param>
    Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop);

    /// <summary>Reads a collection as it was at one version, whole.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="scope">Which objects.</param>
    /// <param name="stop">Ends the call.</param>
    Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop);

    /// <summary>Makes an object that must not exist yet.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="value">The object.</param>
    /// <param name="stop">Ends the call.</param>
    /// <returns>The object with what the server filled in.</returns>
    Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop);

    /// <summary>Replaces an object; if it names a version, only that one.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="value">The object.</param>
    /// <param name="subresource"><c>status</c> to replace only the status; null to replace everything else.</param>
    /// <param name="stop">Ends the call.</param>
    /// <returns>The object with its new version.</returns>
    Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop);

    /// <summary>Deletes an object, or asks for it when it has finalizers.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="ns">The namespace; ignored for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="preconditions">Which incarnation or version is meant; null for any.</param>
    /// <param name="stop">Ends the call.</param>
    Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop);

    /// <summary>
    /// Watches a collection from a version on. Each item holds the events that arrived together, in their order. It ends
    /// when the server ends it, which it may do at any time; <see cref="ApiException.IsGone"/> when the version is too old.
    /// </summary>
    /// <param name="kind">The kind.</param>
    /// <param name="scope">Which objects.</param>
    /// <param name="resourceVersion">The version after which events are wanted.</param>
    /// <param name="stop">Ends the watch.</param>
    IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        KindInfo kind, Scope scope, string resourceVersion, CancellationToken stop);
}

/// <summary>Which objects of a kind are meant.</summary>
/// <param name="Namespace">The namespace; null for all of them.</param>
/// <param name="LabelSelector">A Kubernetes label selector such as <c>app=shop,tier!=db</c>; null for all.</param>
/// <param name="FieldSelector">A field selector such as <c>spec.nodeName=n1</c>; null for all.</param>
public readonly record struct Scope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null);

/// <summary>A collection at one version.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">The version, from which a watch can go on.</param>
public sealed record Listing(IReadOnlyList<Resource> Items, string ResourceVersion);

/// <summary>What must hold for a deletion.</summary>
/// <param name="Uid">The incarnation, or null for any.</param>
/// <param name="ResourceVersion">The version, or null for any.</param>
public sealed record Preconditions(string? Uid = null, string? ResourceVersion = null);

/// <summary>What a watch can say.</summary>
public enum WatchEventType
{
    /// <summary>The object is new, to this watch at least.</summary>
    Added,

    /// <summary>The object changed.</summary>
    Modified,

    /// <summary>The object is gone; the value is its last state.</summary>
    Deleted,

    /// <summary>Nothing changed up to the version of the value, which has nothing else.</summary>
    Bookmark,
}

/// <summary>What a watch says.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Value">The object.</param>
public readonly record struct WatchEvent(WatchEventType Type, Resource Value);
