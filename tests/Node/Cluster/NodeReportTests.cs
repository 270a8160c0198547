using System.Text;
using System.Text.Json.Nodes;
using Margay.Foundation.Primitives;
using Margay.Linux.Route;
using Margay.Model.Resources;
using Margay.Node.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests.Cluster;

public sealed class NodeReportTests
{
    private readonly ClusterCache _cache = new("n1");
    private readonly List<(string? Part, string Type, JsonNode Patch)> _written = [];
    private bool _away;
    private string _interfaces = "[]";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Interfaces_are_those_that_lead_into_the_node_with_their_addresses()
    {
        Link[] links = [.. new[] { "lo", "eth1", "cali0123456789a", "eth0", "docker0", "enx\"1", "eni1", "vxlan.calico", "kube-ipvs0" }.Select((name, i) => new Link { Index = i + 1, Name = name })];
        InterfaceAddress[] addresses =
        [
            new(1, IpAddr.Parse("127.0.0.1"), 8), new(2, IpAddr.Parse("192.0.2.2"), 24), new(4, IpAddr.Parse("198.51.100.1"), 24), new(4, IpAddr.Parse("2001:db8::1"), 64),
            new(4, IpAddr.Parse("fe80::1"), 64), new(5, IpAddr.Parse("172.17.0.1"), 16),
        ];
        Assert.Equal(
            """[{"name":"eni1","addresses":[]},{"name":"enx\u00221","addresses":[]},{"name":"eth0","addresses":["198.51.100.1","2001:db8::1"]},{"name":"eth1","addresses":["192.0.2.2"]}]""",
            NodeInterfaces.Text(links, addresses, null));
        Assert.DoesNotContain("eni1", NodeInterfaces.Text(links, addresses, "eni"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_is_told_its_interfaces_and_that_it_has_a_network_once()
    {
        var report = New();
        Assert.False(await report.TryAsync(Stop));
        Tell("u-1");
        _interfaces = """[{"name":"eth0","addresses":[]}]""";
        Assert.True(await report.TryAsync(Stop));
        Assert.Equal([(null, "application/merge-patch+json"), ("status", "application/strategic-merge-patch+json")], _written.Select(w => (w.Part, w.Type)));
        Assert.Equal(_interfaces, (string?)_written[0].Patch["metadata"]!["annotations"]!["projectcalico.org/Interfaces"]);
        Assert.Equal(("NetworkUnavailable", "False", "MargayIsUp"), ConditionOf(1));

        Tell("u-1", _interfaces);
        Assert.True(await report.TryAsync(Stop));
        Assert.Equal(2, _written.Count);
        // Made anew under its name.
        Tell("u-2", _interfaces);
        Assert.True(await report.TryAsync(Stop));
        Assert.Equal(("NetworkUnavailable", "False", "MargayIsUp"), ConditionOf(2));
    }

    [Fact]
    public async Task What_could_not_be_written_is_tried_again()
    {
        var report = New();
        Tell("u-1", _interfaces);
        _away = true;
        Assert.False(await report.TryAsync(Stop));
        _away = false;
        Assert.True(await report.TryAsync(Stop));
        Assert.Single(_written);
    }

    [Fact]
    public async Task Where_another_plugin_wires_the_pods_nothing_is_said_about_their_network()
    {
        var report = New(wires: false);
        Tell("u-1");
        Assert.True(await report.TryAsync(Stop));
        Assert.Null(Assert.Single(_written).Part);
    }

    private NodeReport New(bool wires = true) => new(
        wires,
        (part, type, patch, _) =>
        {
            if (_away) return Task.FromException(new HttpRequestException("away"));
            _written.Add((part, type, JsonNode.Parse(Encoding.UTF8.GetString(patch.Span))!));
            return Task.CompletedTask;
        },
        _cache, () => _interfaces, TimeProvider.System, NullLogger<NodeReport>.Instance);

    private (string?, string?, string?) ConditionOf(int write)
    {
        var condition = _written[write].Patch["status"]!["conditions"]!.AsArray().Single()!;
        return ((string?)condition["type"], (string?)condition["status"], (string?)condition["reason"]);
    }

    private void Tell(string uid, string? interfaces = null)
    {
        var node = new Model.Resources.Node { Metadata = { Name = "n1", Uid = uid } };
        if (interfaces is not null) node.Metadata.Annotations = new() { [NodeInterfaces.Annotation] = interfaces };
        _cache.Apply(new ResourceUpdate(node.Key, node));
    }
}
