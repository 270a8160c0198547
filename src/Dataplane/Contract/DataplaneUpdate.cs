namespace Margay.Dataplane.Contract;

/// <summary>
/// One record of the stream from the calculation to a data plane. Records come in dependency order (a set before the
/// policy that uses it, a policy before the endpoint that lists it, and the reverse when things go away) and coalesced
/// (at most one record for a thing per flush). Applying a record twice changes nothing.
/// </summary>
public abstract record DataplaneUpdate;

/// <summary>
/// Everything that existed when the node service connected has been sent. Before this record a driver adds and
/// changes, and removes nothing that it finds in the kernel; after it, what has not been named is stale.
/// </summary>
public sealed record InSync : DataplaneUpdate;

/// <summary>A data plane: takes records, makes the kernel agree with them.</summary>
public interface IDataplane
{
    /// <summary>
    /// Applies records in their order; when it returns, the kernel enforces them. Idempotent. What the kernel refuses
    /// stays pending, is tried again by the next call, and is reported by the exception.
    /// </summary>
    ValueTask ApplyAsync(IReadOnlyList<DataplaneUpdate> updates, CancellationToken stop);

    /// <summary>Reads back what the kernel holds of ours and repairs every difference; writes nothing when there is none.</summary>
    ValueTask ResyncAsync(CancellationToken stop);
}
