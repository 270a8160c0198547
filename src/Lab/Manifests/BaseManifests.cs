using System.Text.Json.Nodes;
using Margay.Lab.Topology;

namespace Margay.Lab.Manifests;

/// <summary>What every lab's cluster has before anybody's manifests: nodes, address pools, and a name server.</summary>
internal static class BaseManifests
{
    /// <summary>The namespace of the name server.</summary>
    public const string DnsNamespace = "kube-system";

    /// <summary>The service of the name server; the name that clusters use.</summary>
    public const string DnsService = "kube-dns";

    /// <summary>The objects, in order.</summary>
    public static IEnumerable<JsonObject> For(LabPlan plan, LabLayout layout)
    {
        foreach (string space in (string[])["default", DnsNamespace])
            yield return Object("v1", "Namespace", space, null);
        foreach (var node in plan.Nodes) yield return Node(node);
        yield return Pool("default-ipv4", LabPlan.PodPoolIpv4, 26);
        yield return Pool("default-ipv6", LabPlan.PodPoolIpv6, 122);
        yield return Dns(layout);
        yield return DnsServiceObject();
    }

    private static JsonObject Node(LabMachine machine)
    {
        var node = Object("v1", "Node", machine.Name, null);
        node["metadata"]!["labels"] = new JsonObject { ["kubernetes.io/hostname"] = machine.Name, ["kubernetes.io/os"] = "linux" };
        return node;
    }

    private static JsonObject Pool(string name, string cidr, int blockSize)
    {
        var pool = Object("projectcalico.org/v3", "IPPool", name, null);
        pool["spec"] = new JsonObject
        {
            ["cidr"] = cidr, ["blockSize"] = blockSize, ["natOutgoing"] = true, ["nodeSelector"] = "all()",
            ["ipipMode"] = "Never", ["vxlanMode"] = "Never",
        };
        return pool;
    }

    private static JsonObject Dns(LabLayout layout)
    {
        var pod = Object("v1", "Pod", DnsService, DnsNamespace);
        pod["metadata"]!["labels"] = new JsonObject { ["k8s-app"] = DnsService };
        pod["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "dnsmasq",
                ["image"] = "dnsmasq",
                ["command"] = new JsonArray(
                    "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--pid-file=", "--log-facility=-",
                    "--no-resolv", "--no-hosts", $"--hostsdir={layout.DnsHosts}", "--local=/cluster.local/", "--domain-needed", "--local-ttl=1"),
                ["ports"] = new JsonArray(
                    new JsonObject { ["name"] = "dns", ["containerPort"] = 53, ["protocol"] = "UDP" },
                    new JsonObject { ["name"] = "dns-tcp", ["containerPort"] = 53, ["protocol"] = "TCP" }),
            }),
        };
        return pod;
    }

    private static JsonObject DnsServiceObject()
    {
        var service = Object("v1", "Service", DnsService, DnsNamespace);
        service["spec"] = new JsonObject
        {
            ["clusterIP"] = "None",
            ["selector"] = new JsonObject { ["k8s-app"] = DnsService },
            ["ports"] = new JsonArray(
                new JsonObject { ["name"] = "dns", ["port"] = 53, ["protocol"] = "UDP" },
                new JsonObject { ["name"] = "dns-tcp", ["port"] = 53, ["protocol"] = "TCP" }),
        };
        return service;
    }

    private static JsonObject Object(string apiVersion, string kind, string name, string? ns)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null) metadata["namespace"] = ns;
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }
}
