using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Packets;

/// <summary>Finds one packet of a set: the simplest that people would try first.</summary>
public static class PacketSample
{
    private const ushort SomeSourcePort = 49152;

    /// <summary>A packet of the set between two addresses: TCP before UDP before others, the smallest port, an ordinary source port.</summary>
    /// <exception cref="ArgumentException">The set is empty.</exception>
    public static Packet Of(PacketSet set, IpAddr source, IpAddr destination)
    {
        ArgumentNullException.ThrowIfNull(set);
        for (int i = 0; i < PacketSet.PortProtocols.Length; i++)
        {
            if (set.PlaneAt(i).IsEmpty) continue;
            var (sourcePort, port) = Pair(set.PlaneAt(i));
            return new Packet(source, destination, PacketSet.PortProtocols[i]) { SourcePort = sourcePort, DestinationPort = port };
        }
        var messages = set.PlaneAt(PacketSet.IcmpPlane);
        if (!messages.IsEmpty)
        {
            // An echo request, if it is in the set, is what people send.
            byte echo = set.Family == IpFamily.V4 ? (byte)8 : (byte)128;
            bool hasEcho = messages.Contains(echo, 0);
            var first = messages.Strips[0];
            return new Packet(source, destination, PacketSet.IcmpOf(set.Family))
            {
                IcmpType = hasEcho ? echo : (byte)first.First,
                IcmpCode = hasEcho ? (byte)0 : (byte)first.Second.First,
            };
        }
        for (int protocol = 0; protocol < 256; protocol++)
            if (set.HasOther((byte)protocol)) return new Packet(source, destination, (byte)protocol);
        throw new ArgumentException("The set is empty.", nameof(set));
    }

    /// <summary>Port 0 is a number and not a port that anybody uses: it comes last.</summary>
    private static (ushort Source, ushort Destination) Pair(Plane plane)
    {
        var strip = plane.Strips[0];
        foreach (var candidate in plane.Strips)
            if (SomeSourcePort >= candidate.First && SomeSourcePort <= candidate.Last) strip = candidate;
        int source = SomeSourcePort >= strip.First && SomeSourcePort <= strip.Last ? SomeSourcePort : Math.Max(strip.First, Math.Min(1, strip.Last));
        ushort destination = strip.Second.First;
        if (destination == 0)
        {
            foreach (var range in strip.Second.Items)
            {
                if (range.Last == 0) continue;
                destination = Math.Max(range.First, (ushort)1);
                break;
            }
        }
        return ((ushort)source, destination);
    }
}
