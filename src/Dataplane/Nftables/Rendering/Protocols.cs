using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>Protocol numbers (IANA) that matter to rules.</summary>
internal static class Protocols
{
    internal const byte Icmp = 1;
    internal const byte Icmpv6 = 58;

    internal static ImmutableArray<byte> WithPorts { get; } = [6, 17, 132, 136];

    internal static bool HasPorts(byte protocol) => WithPorts.Contains(protocol);

    internal static byte IcmpOf(IpFamily family) => family == IpFamily.V4 ? Icmp : Icmpv6;
}
