using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>The columns of pods, nodes and namespaces.</summary>
internal static class WorkloadColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    /// <summary>Pods.</summary>
    public static IReadOnlyList<Column> Pod { get; } =
    [
        Column.ObjectName,
        new("Ready", "string", "Containers that are ready, and how many there should be.", (p, c) => $"{c.Pod(p).Ready}/{c.Pod(p).Total}"),
        new("Status", "string", "How the pod is.", (p, c) => c.Pod(p).Reason),
        new("Restarts", "string", "How often containers were restarted, and when last.", (p, c) => Restarts(c.Pod(p), c)),
        Column.Age,
        Column.Text("IP", "The pod's address.", PodAddress).Wide(),
        Column.Field("Node", "The node the pod runs on.", "spec", "nodeName").Wide(),
        Column.Field("Nominated Node", "The node on which room is made for the pod.", "status", "nominatedNodeName").Wide(),
        Column.Text("Readiness Gates", "Conditions that must hold before the pod is ready.", Gates).Wide(),
    ];

    /// <summary>Nodes.</summary>
    public static IReadOnlyList<Column> Node { get; } =
    [
        Column.ObjectName,
        Column.Text("Status", "Whether pods can run.", NodeState),
        Column.Text("Roles", "The roles from labels.", Roles),
        Column.Age,
        Column.Defaulted("Version", "The version of the node's agent.", "", "status", "nodeInfo", "kubeletVersion"),
        Column.Text("Internal-IP", "The address within the cluster.", n => NodeAddress(n, "InternalIP")).Wide(),
        Column.Text("External-IP", "The address from outside.", n => NodeAddress(n, "ExternalIP")).Wide(),
        Column.Defaulted("OS-Image", "The operating system.", "<unknown>", "status", "nodeInfo", "osImage").Wide(),
        Column.Defaulted("Kernel-Version", "The kernel.", "<unknown>", "status", "nodeInfo", "kernelVersion").Wide(),
        Column.Defaulted("Container-Runtime", "What runs containers.", "<unknown>", "status", "nodeInfo", "containerRuntimeVersion").Wide(),
    ];

    /// <summary>Namespaces.</summary>
    public static IReadOnlyList<Column> Namespace { get; } =
        [Column.ObjectName, Column.Defaulted("Status", "Active or Terminating.", "Active", "status", "phase"), Column.Age];

    private static JsonNode Restarts(PodStatus status, CellContext context) =>
        status is { Restarts: > 0, LastRestart.Length: > 0 }
            ? $"{status.Restarts} ({context.Since(status.LastRestart)} ago)"
            : $"{status.Restarts}";

    private static string PodAddress(JsonObject pod) =>
        (pod.Items("status", "podIPs") is [var first, ..] ? first.Text("ip") : pod.Text("status", "podIP")).OrNone();

    private static string Gates(JsonObject pod)
    {
        var gates = pod.Items("spec", "readinessGates");
        int met = gates.Count(g => pod.Condition(g.Text("conditionType")).Text("status") == "True");
        return gates.Count == 0 ? Cells.None : $"{met}/{gates.Count}";
    }

    private static string NodeState(JsonObject node)
    {
        var ready = node.Condition("Ready").Text("status") switch
        {
            "True" => "Ready",
            "" => "Unknown",
            _ => "NotReady",
        };
        return node.Flag("spec", "unschedulable") ? $"{ready},SchedulingDisabled" : ready;
    }

    private static string Roles(JsonObject node)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.At("metadata", "labels") as JsonObject ?? [])
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal) && key.Length > RolePrefix.Length)
                roles.Add(key[RolePrefix.Length..]);
            else if (key == "kubernetes.io/role" && value.Text() is { Length: > 0 } role)
                roles.Add(role);
        }

        return string.Join(",", roles).OrNone();
    }

    private static string NodeAddress(JsonObject node, string type) =>
        node.Items("status", "addresses").FirstOrDefault(a => a.Text("type") == type).Text("address").OrNone();
}
