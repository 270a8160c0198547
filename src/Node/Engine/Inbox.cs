using Margay.Model.Resources;
using Margay.Node.Endpoints;

namespace Margay.Node.Engine;

/// <summary>What the engine is told. A message with a completion is answered when the kernel has what it asks for.</summary>
internal abstract record Message;

/// <summary>Objects changed.</summary>
internal sealed record ResourcesChanged(IReadOnlyList<ResourceUpdate> Updates) : Message;

/// <summary>Everything that exists has been sent once.</summary>
internal sealed record AllListed : Message;

/// <summary>A pod is about to be wired here, or was before a restart. Answered once the pod itself is known too: until then it is closed.</summary>
internal sealed record EndpointWired(LocalEndpointRecord Endpoint, TaskCompletionSource? Programmed) : Message;

/// <summary>An attachment is gone. <paramref name="PodStays"/>: the pod has another one already, a new sandbox.</summary>
internal sealed record EndpointUnwired(LocalEndpointRecord Endpoint, bool PodStays, TaskCompletionSource? Programmed) : Message;

/// <summary>Something outside changed (an interface appeared): try what is pending.</summary>
internal sealed record TryPending(TaskCompletionSource? Programmed) : Message;

/// <summary>Compare the kernel with what should be there and repair it.</summary>
internal sealed record Resync(TaskCompletionSource? Done) : Message;
