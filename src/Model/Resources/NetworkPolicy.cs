namespace Margay.Model.Resources;

/// <summary>A policy for the workloads of one namespace (projectcalico.org/v3).</summary>
public sealed class NetworkPolicy() : Resource(ApiVersions.ProjectCalico, "NetworkPolicy")
{
    /// <summary>What the policy demands.</summary>
    public NetworkPolicySpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>The part that namespaced and global policies share.</summary>
public abstract class PolicySpec
{
    /// <summary>The tier; <c>default</c> when absent. It must exist.</summary>
    public string? Tier { get; set; }

    /// <summary>
    /// Where in its tier the policy stands: lower comes first, absent comes last, equal ones go by name.
    /// </summary>
    public double? Order { get; set; }

    /// <summary>Rules for connections to the selected endpoints, in order; at most 1024.</summary>
    public List<Rule>? Ingress { get; set; }

    /// <summary>Rules for connections from the selected endpoints, in order; at most 1024.</summary>
    public List<Rule>? Egress { get; set; }

    /// <summary>
    /// Which endpoints the policy governs, by their labels: <c>k == 'v'</c>, <c>k != 'v'</c>, <c>k in {'a', 'b'}</c>,
    /// <c>k not in {'a'}</c>, <c>has(k)</c>, <c>k contains 'v'</c>, <c>k starts with 'v'</c>, <c>k ends with 'v'</c>,
    /// <c>all()</c>, joined by <c>!</c>, <c>&amp;&amp;</c>, <c>||</c> and parentheses. Absent or empty selects all; at most
    /// 1024 characters.
    /// </summary>
    public string? Selector { get; set; }

    /// <summary>
    /// <c>Ingress</c>, <c>Egress</c> or both. A direction that is named here and has no rule that matches ends in the
    /// tier's default action. When absent it is filled in: <c>Ingress</c> unless there are only egress rules, and
    /// <c>Egress</c> when there are egress rules.
    /// </summary>
    public List<string>? Types { get; set; }

    /// <summary>Narrows the policy to pods whose service account's labels match; at most 1024 characters.</summary>
    public string? ServiceAccountSelector { get; set; }

    /// <summary>
    /// Hints that never change a verdict. <c>AssumeNeededOnEveryNode</c> keeps the policy ready on nodes where it selects
    /// nothing yet.
    /// </summary>
    public List<string>? PerformanceHints { get; set; }

    /// <summary>
    /// An extension of Margay (<see cref="Extensions"/>), unknown upstream: the instant (RFC 3339) from which the policy
    /// counts. Before it the policy is as if it were not there. Absent means always.
    /// </summary>
    public string? ValidFrom { get; set; }

    /// <summary>
    /// An extension of Margay (<see cref="Extensions"/>), unknown upstream: the instant (RFC 3339) at which the policy ceases
    /// to count; it is after <see cref="ValidFrom"/>. Absent means never.
    /// </summary>
    public string? ValidUntil { get; set; }
}

/// <summary>What a namespaced policy demands.</summary>
public class NetworkPolicySpec : PolicySpec;
