namespace Margay.Lab.Topology;

/// <summary>
/// The plan as input for <c>ip -batch</c>. Both ends of every veth pair are born in their namespaces: at no moment
/// is there a link in the machine's own namespace.
/// </summary>
internal static class FabricScript
{
    /// <summary>Commands that create the namespaces that do not exist yet.</summary>
    public static IEnumerable<string> Namespaces(LabPlan plan, IReadOnlySet<string> existing) =>
        plan.NetworkNamespaces.Where(netns => !existing.Contains(netns)).Select(netns => $"netns add {netns}");

    /// <summary>Commands for <c>ip -n FABRIC -batch</c>: the bridge and every machine's cable.</summary>
    public static IEnumerable<string> Bridge(LabPlan plan)
    {
        yield return "link set lo up";
        yield return "link add br0 type bridge forward_delay 0";
        yield return "link set br0 up";
        foreach (var machine in plan.Machines)
        {
            yield return $"link add {machine.Name} type veth peer name eth0 netns {machine.Netns}";
            yield return $"link set {machine.Name} master br0 up";
        }
    }

    /// <summary>Commands for <c>ip -n MACHINE -batch</c>: addresses and the default route.</summary>
    public static IEnumerable<string> Machine(LabPlan plan, LabMachine machine, IEnumerable<string> outsideAddresses)
    {
        yield return "link set lo up";
        yield return $"addr add {machine.Ipv4}/{LabPlan.Ipv4PrefixLength} dev eth0";
        yield return $"addr add {machine.Ipv6}/{LabPlan.Ipv6PrefixLength} dev eth0 nodad";
        yield return "link set eth0 up";
        if (machine != plan.Internet)
        {
            yield return $"route add default via {plan.Internet.Ipv4}";
            yield return $"route add ::/0 via {plan.Internet.Ipv6}";
            yield break;
        }

        foreach (string address in outsideAddresses) yield return $"addr add {address} dev lo";
    }
}
