namespace Margay.ApiServer.Tables;

/// <summary>The columns of what concerns routes.</summary>
internal static class RoutingColumns
{
    /// <summary>Sessions.</summary>
    public static IReadOnlyList<Column> Peer { get; } =
    [
        Column.ObjectName,
        Column.Field("Node Selector", "The nodes that peer.", "spec", "nodeSelector"),
        Column.Field("Node", "The node that peers.", "spec", "node"),
        Column.Field("Local ASN", "Our AS number towards the peer.", "spec", "localASNumber"),
        Column.Field("Peer Selector", "The nodes to peer with.", "spec", "peerSelector"),
        Column.Field("Peer IP", "The peer's address.", "spec", "peerIP"),
        Column.Field("Peer ASN", "The peer's AS number.", "spec", "asNumber"),
        Column.Age,
    ];

    /// <summary>Settings of BGP.</summary>
    public static IReadOnlyList<Column> Configuration { get; } =
    [
        Column.ObjectName,
        Column.Defaulted("Mesh", "Whether every node peers with every other.", "true", "spec", "nodeToNodeMeshEnabled"),
        Column.Defaulted("ASN", "The AS number of nodes that have none of their own.", "64512", "spec", "asNumber"),
        Column.Age,
    ];

    /// <summary>What nodes report.</summary>
    public static IReadOnlyList<Column> NodeStatus { get; } =
    [
        Column.ObjectName,
        Column.Field("Node", "The node.", "spec", "node"),
        Column.Text("Classes", "What is asked.", s => string.Join(",", s.Texts("spec", "classes")).OrNone()),
        Column.Age,
    ];
}
