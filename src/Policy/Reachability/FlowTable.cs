using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability;

/// <summary>
/// What passes between two ends: what the source's egress and the destination's ingress both allow. Remembered by the two
/// decisions, of which there are few, whatever the number of pairs.
/// </summary>
public sealed class FlowTable
{
    private readonly Dictionary<(Decisions, Decisions), PacketSet> _known = new(new ByReference());

    /// <summary>The packets that pass.</summary>
    /// <param name="egress">What the source's policy decides about the destination; null when the source is no endpoint.</param>
    /// <param name="ingress">What the destination's policy decides about the source; null when the destination is no endpoint.</param>
    /// <exception cref="ArgumentException">Neither end is an endpoint: no policy is asked, and there is nothing to say.</exception>
    public PacketSet Allowed(Decisions? egress, Decisions? ingress)
    {
        if (egress is null) return ingress?.Allowed ?? throw new ArgumentException("One of the ends must be an endpoint.");
        if (ingress is null) return egress.Allowed;
        if (!_known.TryGetValue((egress, ingress), out var allowed)) _known.Add((egress, ingress), allowed = egress.Allowed.And(ingress.Allowed));
        return allowed;
    }

    private sealed class ByReference : IEqualityComparer<(Decisions, Decisions)>
    {
        public bool Equals((Decisions, Decisions) x, (Decisions, Decisions) y) => ReferenceEquals(x.Item1, y.Item1) && ReferenceEquals(x.Item2, y.Item2);

        public int GetHashCode((Decisions, Decisions) obj) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Item1), System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Item2));
    }
}
