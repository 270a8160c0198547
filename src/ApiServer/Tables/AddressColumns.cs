using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>The columns of address management.</summary>
internal static class AddressColumns
{
    /// <summary>Pools.</summary>
    public static IReadOnlyList<Column> Pool { get; } =
    [
        Column.ObjectName,
        Column.Field("CIDR", "The range.", "spec", "cidr"),
        Column.Defaulted("VXLAN", "Whether packets travel in VXLAN.", "Never", "spec", "vxlanMode"),
        Column.Defaulted("IPIP", "Whether packets travel in IP packets.", "Never", "spec", "ipipMode"),
        Column.Defaulted("NAT", "Whether packets that leave all pools get the node's address.", "false", "spec", "natOutgoing"),
        Column.Text("Allocatable", "Whether addresses are given out, as controllers see it.", p => p.Condition("Allocatable").Text("status").OrNone()),
        Column.Age,
        Column.Text("BlockSize", "The prefix length of the blocks nodes take.", BlockSize).Wide(),
        Column.Defaulted("Disabled", "Whether no new addresses are taken.", "false", "spec", "disabled").Wide(),
        Column.Defaulted("Selector", "The nodes that may use it.", "all()", "spec", "nodeSelector").Wide(),
        Column.Defaulted("Assignment", "Who gets addresses without asking for this pool.", "Automatic", "spec", "assignmentMode").Wide(),
    ];

    /// <summary>Reservations.</summary>
    public static IReadOnlyList<Column> Reservation { get; } =
        [Column.ObjectName, Column.Text("CIDRs", "The addresses.", r => r.Texts("spec", "reservedCIDRs").Short()), Column.Age];

    /// <summary>Claims on blocks.</summary>
    public static IReadOnlyList<Column> Affinity { get; } =
    [
        Column.ObjectName,
        Column.Field("CIDR", "The block.", "spec", "cidr"),
        Column.Field("Node", "The node that claims it.", "spec", "node"),
        Column.Defaulted("Type", "Whether a node claims it.", "host", "spec", "type"),
        Column.Field("State", "How far the claim is.", "spec", "state"),
        Column.Age,
    ];

    /// <summary>Blocks.</summary>
    public static IReadOnlyList<Column> Block { get; } =
    [
        Column.ObjectName,
        Column.Field("CIDR", "The block.", "spec", "cidr"),
        Column.Field("Affinity", "Who owns it.", "spec", "affinity"),
        new Column("ClaimTime", "string", "The time since the owner took it.", (b, c) => c.Since(b.Text("spec", "affinityClaimTime"))),
        Column.Text("In-Use", "How many addresses are taken, and how many there are.", InUse),
        Column.Age,
    ];

    /// <summary>Handles.</summary>
    public static IReadOnlyList<Column> Handle { get; } =
    [
        Column.ObjectName,
        Column.Field("ID", "The owner of the addresses.", "spec", "handleID"),
        Column.Text("Addresses", "How many addresses there are.", Addresses),
        Column.Age,
        Column.Text("Blocks", "The blocks they are in.", h => h.At("spec", "block").Pairs()).Wide(),
    ];

    /// <summary>The configuration.</summary>
    public static IReadOnlyList<Column> Configuration { get; } =
    [
        Column.ObjectName,
        Column.Defaulted("StrictAffinity", "Whether nodes take addresses from their own blocks only.", "false", "spec", "strictAffinity"),
        Column.Field("MaxBlocksPerHost", "How many blocks a node may own.", "spec", "maxBlocksPerHost"),
        Column.Defaulted("AutoAllocateBlocks", "Whether nodes take new blocks.", "true", "spec", "autoAllocateBlocks"),
        Column.Age,
    ];

    private static string BlockSize(JsonObject pool)
    {
        if (pool.Plain("spec", "blockSize") is { Length: > 0 } size)
            return size;
        return pool.Text("spec", "cidr").Contains(':', StringComparison.Ordinal) ? "122" : "26";
    }

    private static string InUse(JsonObject block)
    {
        var allocations = block.Items("spec", "allocations");
        return $"{allocations.Count(a => a is not null)}/{allocations.Count}";
    }

    private static string Addresses(JsonObject handle) =>
        $"{(handle.At("spec", "block") as JsonObject ?? []).Sum(b => b.Value.Number())}";
}
