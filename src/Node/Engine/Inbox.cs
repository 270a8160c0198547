using Margay.Model.Resources;
using Margay.Node.Endpoints;

namespace Margay.Node.Engine;

/// <summary>What the engine is told. A message with a completion is answered when the kernel has what it asks for.</summary>
internal abstract record Message
{
    /// <summary>Who waits for the answer; null: nobody.</summary>
    public TaskCompletionSource? Done { get; init; }
}

/// <summary>Objects changed.</summary>
internal sealed record ResourcesChanged(IReadOnlyList<ResourceUpdate> Updates) : Message;

/// <summary>Everything that exists has been sent once.</summary>
internal sealed record AllListed : Message;

/// <summary>
/// A pod is about to be wired here, or was before a restart. Answered once the pod of this UID is known too: until then it is closed, or
/// has the policy of its predecessor of the same name.
/// </summary>
internal sealed record EndpointWired(LocalEndpointRecord Endpoint, string? Uid = null) : Message;

/// <summary>An attachment is gone and its pod has no other. One that has is wired anew, see <see cref="EndpointWired"/>.</summary>
internal sealed record EndpointUnwired(LocalEndpointRecord Endpoint) : Message;

/// <summary>The interface of an endpoint is there and up. Answered once its routes are, too.</summary>
internal sealed record InterfaceMade(LocalEndpointRecord Endpoint) : Message;

/// <summary>Something outside changed: try what is pending.</summary>
internal sealed record TryPending : Message;

/// <summary>Compare the kernel with what should be there and repair it.</summary>
internal sealed record Resync : Message;
