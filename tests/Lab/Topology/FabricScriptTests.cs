using Margay.Lab.Topology;

namespace Margay.Lab.Tests.Topology;

public sealed class FabricScriptTests
{
    private static readonly LabPlan Plan = LabPlan.For(new LabSpec { Name = "lab", Nodes = 2, Binaries = "/opt" });

    [Fact]
    public void Every_link_is_born_inside_a_namespace()
    {
        var links = FabricScript.Bridge(Plan).Where(line => line.Contains(" type veth ", StringComparison.Ordinal)).ToList();

        Assert.Equal(4, links.Count);
        Assert.All(links, line => Assert.Contains(" netns lab-", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_missing_namespaces_are_added()
    {
        var lines = FabricScript.Namespaces(Plan, new HashSet<string> { "lab-fabric", "lab-node1" });

        Assert.Equal(["netns add lab-cp", "netns add lab-internet", "netns add lab-node2"], lines);
    }

    [Fact]
    public void Nodes_reach_the_outside_by_the_internet_machine_and_it_has_no_default_route_itself()
    {
        Assert.Contains("route add default via 10.98.0.254", FabricScript.Machine(Plan, Plan.Nodes[0], []));
        var internet = FabricScript.Machine(Plan, Plan.Internet, ["203.0.113.10"]).ToList();
        Assert.Contains("addr add 203.0.113.10 dev lo", internet);
        Assert.DoesNotContain(internet, line => line.Contains("default", StringComparison.Ordinal));
    }
}
