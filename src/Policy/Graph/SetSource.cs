using Margay.Foundation.Primitives;

namespace Margay.Policy.Graph;

/// <summary>A port that a pod declares under a name.</summary>
internal readonly record struct NamedPort(string Name, byte Protocol, ushort Port);

/// <summary>What a pod or a network set puts into the IP sets whose selectors match it.</summary>
internal sealed record SetSource(IpPrefix[] Prefixes, NamedPort[] Ports)
{
    /// <summary>By content.</summary>
    public bool Equals(SetSource? other) =>
        other is not null && Prefixes.AsSpan().SequenceEqual(other.Prefixes) && Ports.AsSpan().SequenceEqual(other.Ports);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Prefixes.Length, Ports.Length);
}
