using Margay.Lab.Topology;

namespace Margay.Lab.Tests.Topology;

public sealed class LabPlanTests
{
    [Fact]
    public void No_two_machines_share_a_name_or_an_address_even_with_the_most_nodes()
    {
        var machines = LabPlan.For(new LabSpec { Name = "lab", Nodes = 100, Binaries = "/opt" }).Machines.ToList();

        Assert.Equal(102, machines.Count);
        Assert.Equal(102, machines.Select(machine => machine.Netns).Distinct().Count());
        Assert.Equal(102, machines.Select(machine => machine.Ipv4).Distinct().Count());
        Assert.Equal(102, machines.Select(machine => machine.Ipv6).Distinct().Count());
        Assert.All(machines, machine => Assert.True(machine.Name.Length <= 15));
    }

    [Theory]
    [InlineData("Lab", 3)]
    [InlineData("my-lab", 3)]
    [InlineData("", 3)]
    [InlineData("alongername12", 3)]
    [InlineData("lab", 0)]
    [InlineData("lab", 101)]
    public void A_specification_that_cannot_work_says_why(string name, int nodes) =>
        Assert.Single(new LabSpec { Name = name, Nodes = nodes, Binaries = "/opt" }.Mistakes());

    [Fact]
    public void A_lab_owns_what_begins_with_its_name_and_a_hyphen()
    {
        Assert.True(LabPlan.Owns("lab", "lab-node1"));
        Assert.False(LabPlan.Owns("lab", "lab2-node1"));
    }
}
