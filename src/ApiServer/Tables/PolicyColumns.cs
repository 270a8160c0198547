using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>The columns of policies and of what policies use.</summary>
internal static class PolicyColumns
{
    /// <summary>Kubernetes' network policies.</summary>
    public static IReadOnlyList<Column> Kubernetes { get; } =
        [Column.ObjectName, Column.Text("Pod-Selector", "The pods it is for.", p => LabelSelectorText.Of(p.At("spec", "podSelector"))), Column.Age];

    /// <summary>Policies of tiers.</summary>
    public static IReadOnlyList<Column> Tiered { get; } =
    [
        Column.ObjectName,
        Column.Defaulted("Tier", "The tier it belongs to.", "default", "spec", "tier"),
        Column.Field("Order", "Where it comes in its tier; those without come last.", "spec", "order"),
        Column.Defaulted("Selector", "The endpoints it is for.", "all()", "spec", "selector"),
        Column.Age,
        Column.Text("Types", "The directions it governs.", Types).Wide(),
        Column.Text("Rules", "How many rules there are, ingress and egress.", RuleCounts).Wide(),
    ];

    /// <summary>Tiers.</summary>
    public static IReadOnlyList<Column> Tier { get; } =
    [
        Column.ObjectName,
        Column.Field("Order", "Where it comes among the tiers; those without come last.", "spec", "order"),
        Column.Defaulted("DefaultAction", "What becomes of traffic that no rule of the tier decides.", "Deny", "spec", "defaultAction"),
        Column.Text("Status", "What controllers say about it.", t => t.Condition("Ready").Text("reason").OrNone()),
        Column.Age,
    ];

    /// <summary>Network sets.</summary>
    public static IReadOnlyList<Column> NetworkSet { get; } =
    [
        Column.ObjectName,
        Column.Text("Nets", "The networks.", s => s.Texts("spec", "nets").Short()),
        Column.Age,
        Column.Text("Labels", "The labels that rules select it by.", s => s.At("metadata", "labels").Pairs()).Wide(),
    ];

    /// <summary>Profiles.</summary>
    public static IReadOnlyList<Column> Profile { get; } =
    [
        Column.ObjectName,
        Column.Text("Rules", "How many rules there are, ingress and egress.", RuleCounts),
        Column.Age,
        Column.Text("Labels", "The labels that endpoints inherit.", p => p.At("spec", "labelsToApply").Pairs()).Wide(),
    ];

    /// <summary>Host endpoints.</summary>
    public static IReadOnlyList<Column> HostEndpoint { get; } =
    [
        Column.ObjectName,
        Column.Field("Node", "The node.", "spec", "node"),
        Column.Field("Interface", "The interface.", "spec", "interfaceName"),
        Column.Text("IPs", "The addresses.", h => h.Texts("spec", "expectedIPs").Short()),
        Column.Age,
        Column.Text("Profiles", "Its profiles.", h => h.Texts("spec", "profiles").Short()).Wide(),
    ];

    private static string RuleCounts(JsonObject policy) =>
        $"{policy.Items("spec", "ingress").Count}/{policy.Items("spec", "egress").Count}";

    // Without types, the rules say: ingress, unless there are egress rules only.
    private static string Types(JsonObject policy)
    {
        if (policy.Items("spec", "types").Count > 0)
            return string.Join(",", policy.Texts("spec", "types"));
        bool ingress = policy.Items("spec", "ingress").Count > 0;
        bool egress = policy.Items("spec", "egress").Count > 0;
        return (ingress, egress) switch
        {
            (true, true) => "Ingress,Egress",
            (false, true) => "Egress",
            _ => "Ingress",
        };
    }
}
