using CsCheck;
using Margay.Lab.Control;

namespace Margay.Lab.Tests.Control;

public sealed class SchedulingTests
{
    [Fact]
    public void Equal_pods_go_round_robin_in_order_of_their_names()
    {
        var assignments = Scheduling.Assign(
            [Make.Pod("d"), Make.Pod("b"), Make.Pod("a"), Make.Pod("c")], [Make.Node("n2"), Make.Node("n1"), Make.Node("n3")]);

        Assert.Equal(
            ["a:n1", "b:n2", "c:n3", "d:n1"], assignments.Select(assignment => $"{assignment.Pod.Metadata.Name}:{assignment.Node}"));
    }

    [Fact]
    public void Pods_that_have_a_node_or_are_over_or_are_leaving_are_not_assigned()
    {
        var over = Make.Pod("over");
        over.Status!.Phase = "Succeeded";
        var leaving = Make.Pod("leaving");
        leaving.Metadata.DeletionTimestamp = "2026-01-01T00:00:00Z";

        Assert.Empty(Scheduling.Assign([Make.Pod("placed", "n1"), over, leaving], [Make.Node("n1")]));
    }

    [Fact]
    public void A_node_selector_is_obeyed_and_a_cordoned_node_gets_nothing()
    {
        var pod = Make.Pod("a");
        pod.Spec.NodeSelector = new() { ["disk"] = "fast" };
        var cordoned = Make.Node("n1", ("disk", "fast"));
        cordoned.Spec.Unschedulable = true;

        Assert.Equal("n3", Assert.Single(Scheduling.Assign([pod], [cordoned, Make.Node("n2"), Make.Node("n3", ("disk", "fast"))])).Node);
        Assert.Empty(Scheduling.Assign([pod], [cordoned, Make.Node("n2")]));
    }

    [Fact]
    public void The_order_in_which_pods_are_listed_does_not_matter() =>
        Gen.Shuffle(Enumerable.Range(0, 12).Select(number => $"p{number:00}").ToArray()).Sample(names =>
        {
            var nodes = new[] { Make.Node("n1"), Make.Node("n2"), Make.Node("n3") };
            var found = Scheduling.Assign([.. names.Select(name => Make.Pod(name))], nodes);
            return found.Select(assignment => assignment.Pod.Metadata.Name + assignment.Node).SequenceEqual(
                Enumerable.Range(0, 12).Select(number => $"p{number:00}n{(number % 3) + 1}"));
        });
}
