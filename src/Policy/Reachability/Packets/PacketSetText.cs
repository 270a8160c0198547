using Margay.Foundation.Primitives;

namespace Margay.Policy.Reachability.Packets;

/// <summary>Says what is in a set of packets, for people; when most is in, what is not.</summary>
internal static class PacketSetText
{
    private static readonly string[] PlaneNames = ["TCP", "UDP", "SCTP", "UDPLite"];

    internal static string Describe(PacketSet set)
    {
        if (set.IsEmpty) return "nothing";
        if (set.IsAll) return "everything";
        string direct = string.Join("; ", Parts(set));
        string inverse = "everything but " + string.Join("; ", Parts(PacketSet.All(set.Family).Except(set)));
        return inverse.Length < direct.Length ? inverse : direct;
    }

    private static IEnumerable<string> Parts(PacketSet set)
    {
        for (int i = 0; i < PacketSet.IcmpPlane; i++)
        {
            var plane = set.PlaneAt(i);
            if (plane.Equals(Plane.AllPorts)) yield return PlaneNames[i];
            else foreach (string part in Ports(PlaneNames[i], plane)) yield return part;
        }
        string icmp = set.Family == IpFamily.V4 ? "ICMP" : "ICMPv6";
        if (set.PlaneAt(PacketSet.IcmpPlane).Equals(Plane.AllMessages)) yield return icmp;
        else foreach (string part in Messages(icmp, set.PlaneAt(PacketSet.IcmpPlane))) yield return part;
        string others = Others(set);
        if (others.Length > 0) yield return others;
    }

    private static IEnumerable<string> Ports(string name, Plane plane)
    {
        foreach (var group in Grouped(plane))
        {
            bool anySource = group.First is [(0, ushort.MaxValue)];
            bool anyDestination = group.Second is { First: 0 } second && second.Items is [(0, ushort.MaxValue)];
            string destination = anyDestination ? "" : $" {Numbers(group.Second)}";
            yield return anySource ? name + destination : $"{name}{destination} from port {string.Join(",", group.First.Select(Range))}";
        }
    }

    private static IEnumerable<string> Messages(string name, Plane plane)
    {
        foreach (var group in Grouped(plane))
        {
            string types = $"{name} type {string.Join(",", group.First.Select(Range))}";
            yield return group.Second.Items is [(0, byte.MaxValue)] ? types : $"{types} code {Numbers(group.Second)}";
        }
    }

    /// <summary>Strips with the same second numbers belong together.</summary>
    private static IEnumerable<(List<(int First, int Last)> First, Ranges Second)> Grouped(Plane plane)
    {
        var groups = new List<(List<(int, int)> First, Ranges Second)>();
        foreach (var strip in plane.Strips)
        {
            int at = groups.FindIndex(g => g.Second.Equals(strip.Second));
            if (at < 0) groups.Add(([(strip.First, strip.Last)], strip.Second));
            else groups[at].First.Add((strip.First, strip.Last));
        }
        return groups;
    }

    private static string Others(PacketSet set)
    {
        var ranges = new List<(int First, int Last)>();
        for (int protocol = 0; protocol < 256; protocol++)
        {
            if (!set.HasOther((byte)protocol)) continue;
            // A number that has a plane does not break a range of those that have none.
            if (ranges.Count > 0 && Enumerable.Range(ranges[^1].Last + 1, protocol - ranges[^1].Last - 1).All(p => PacketSet.PlaneOf(set.Family, (byte)p) >= 0))
                ranges[^1] = (ranges[^1].First, protocol);
            else
                ranges.Add((protocol, protocol));
        }
        if (ranges is [(0, 255)]) return "other protocols";
        return ranges.Count == 0 ? "" : $"protocol {string.Join(",", ranges.Select(Range))}";
    }

    private static string Numbers(Ranges ranges) => string.Join(",", ranges.Items);

    private static string Range((int First, int Last) range) => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}";
}
