using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Reachability.Hosts;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>
/// One end of connections that are compared in two worlds: pods that are of one class before and of one class after, a host's
/// own processes at one address, or the addresses of an atom that are nobody's in either world.
/// </summary>
/// <param name="Before">The pods' class before; null when they are not there before, and for addresses.</param>
/// <param name="After">The pods' class after; null when they are gone, and for addresses.</param>
/// <param name="OutsideAtom">The atom of the addresses; -1 for pods.</param>
/// <param name="Endpoints">The pods; empty for addresses.</param>
public sealed record JointEnd(EndpointClass? Before, EndpointClass? After, int OutsideAtom, ImmutableArray<EndpointId> Endpoints)
{
    /// <summary>True for addresses that are no pod's.</summary>
    public bool IsOutside => OutsideAtom >= 0;

    /// <summary>The host whose own processes it is; null for pods and for addresses outside.</summary>
    public HostPlace? Host { get; init; }

    /// <summary>What the host's policy decides before; null when that is not compared.</summary>
    internal HostEnd? HostBefore { get; init; }

    /// <summary>What the host's policy decides after; null when that is not compared.</summary>
    internal HostEnd? HostAfter { get; init; }

    /// <summary>The atom of a host's address.</summary>
    internal int HostAtom { get; init; } = -1;

    /// <summary>True when the end is there in both worlds, with the same address.</summary>
    internal bool Stays => IsOutside || (Before is not null && After is not null && Before.Atom == After.Atom);

    /// <summary>Its atom before; -1 when it is not there.</summary>
    internal int AtomBefore => IsOutside ? OutsideAtom : Before?.Atom ?? HostAtom;

    /// <summary>Its atom after; -1 when it is not there.</summary>
    internal int AtomAfter => IsOutside ? OutsideAtom : After?.Atom ?? HostAtom;

    /// <summary>By identity: each end is made once.</summary>
    public bool Equals(JointEnd? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
