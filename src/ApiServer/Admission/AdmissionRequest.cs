using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Admission;

/// <summary>An object on its way into storage.</summary>
internal sealed class AdmissionRequest
{
    public required ServedKind Kind { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The object as it will be; rules may change it. When an object is deleted, as it is.</summary>
    public required JsonObject Document { get; init; }

    /// <summary>The object as it is; null when it is created.</summary>
    public JsonObject? Old { get; init; }

    /// <summary>Who asks; null for the server itself.</summary>
    public UserInfo? User { get; init; }

    /// <summary>What is wrong; all rules add to it before the request is refused.</summary>
    public List<FieldError> Errors { get; } = [];

    /// <summary>States of other objects that the decision rests on.</summary>
    public List<StorageGuard> Guards { get; } = [];

    public bool IsCreate => Old is null;

    public bool Is(string apiVersion, string kind) => Kind.Gvk.Kind == kind && Kind.Gvk.ApiVersion == apiVersion;
}

/// <summary>A rule about what may be stored and what is added to it. Rules run in a fixed order; see <see cref="AdmissionChain"/>.</summary>
internal interface IAdmissionRule
{
    /// <summary>Changes, reports into <see cref="AdmissionRequest.Errors"/>, or throws an <see cref="Rest.ApiException"/>.</summary>
    ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop) => ValueTask.CompletedTask;

    /// <summary>Says whether an object may be deleted; throws when not.</summary>
    ValueTask AdmitDeletionAsync(AdmissionRequest request, CancellationToken stop) => ValueTask.CompletedTask;
}

/// <summary>What the model knows about a kind's meaning.</summary>
internal interface IObjectValidator
{
    /// <summary>Everything that is wrong with an object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="document">The object as it will be.</param>
    /// <param name="old">The object as it is, or null when it is created.</param>
    IReadOnlyList<FieldError> Validate(ServedKind kind, JsonObject document, JsonObject? old);
}
