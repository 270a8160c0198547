using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>
/// One end of connections that are compared in two worlds: pods that are of one class before and of one class after, or the
/// addresses of an atom that are no pod's in either world.
/// </summary>
/// <param name="Before">The pods' class before; null when they are not there before, and for addresses.</param>
/// <param name="After">The pods' class after; null when they are gone, and for addresses.</param>
/// <param name="OutsideAtom">The atom of the addresses; -1 for pods.</param>
/// <param name="Endpoints">The pods; empty for addresses.</param>
public sealed record JointEnd(EndpointClass? Before, EndpointClass? After, int OutsideAtom, ImmutableArray<EndpointId> Endpoints)
{
    /// <summary>True for addresses that are no pod's.</summary>
    public bool IsOutside => OutsideAtom >= 0;

    /// <summary>True when the end is there in both worlds, with the same address.</summary>
    internal bool Stays => IsOutside || (Before is not null && After is not null && Before.Atom == After.Atom);

    /// <summary>Its atom before; -1 when it is not there.</summary>
    internal int AtomBefore => IsOutside ? OutsideAtom : Before?.Atom ?? -1;

    /// <summary>Its atom after; -1 when it is not there.</summary>
    internal int AtomAfter => IsOutside ? OutsideAtom : After?.Atom ?? -1;

    /// <summary>By identity: each end is made once.</summary>
    public bool Equals(JointEnd? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
