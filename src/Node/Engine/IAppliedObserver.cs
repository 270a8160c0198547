using Margay.Dataplane.Contract;

namespace Margay.Node.Engine;

/// <summary>Sees every batch of records once the kernel enforces it; on the engine's loop, so it must be quick and must not throw.</summary>
internal interface IAppliedObserver
{
    /// <summary>The kernel enforces the records. Batches come complete and in order.</summary>
    void AfterApply(IReadOnlyList<DataplaneUpdate> records);
}
