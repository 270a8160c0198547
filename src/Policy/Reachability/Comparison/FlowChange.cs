using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>What a change does to connections.</summary>
public enum ChangeKind
{
    /// <summary>They did not pass, and will.</summary>
    Opens,

    /// <summary>They passed, and will not.</summary>
    Closes,

    /// <summary>They pass, or do not, as before; another rule says so.</summary>
    Redecided,
}

/// <summary>A change for some packets between two ends.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Packets">The packets.</param>
/// <param name="Side">At whose policy the difference is: egress is the source's, ingress the destination's.</param>
/// <param name="Before">What that policy decided; <see cref="Ruling.NoEndpoint"/> when the end was not there.</param>
/// <param name="After">What it will decide.</param>
/// <param name="Passes">Whether the packets pass after the change.</param>
public sealed record FlowChange(ChangeKind Kind, PacketSet Packets, PolicyDirection Side, Ruling Before, Ruling After, bool Passes);

/// <summary>All changes between two ends.</summary>
/// <param name="Family">The family.</param>
/// <param name="From">Who opens connections.</param>
/// <param name="To">To whom.</param>
/// <param name="Changes">The changes; never empty.</param>
public sealed record PairChange(IpFamily Family, JointEnd From, JointEnd To, ImmutableArray<FlowChange> Changes);
