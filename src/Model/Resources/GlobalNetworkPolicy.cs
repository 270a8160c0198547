namespace Margay.Model.Resources;

/// <summary>A policy for the workloads of all namespaces and for host endpoints (projectcalico.org/v3).</summary>
public sealed class GlobalNetworkPolicy() : Resource(ApiVersions.ProjectCalico, "GlobalNetworkPolicy")
{
    /// <summary>What the policy demands.</summary>
    public GlobalNetworkPolicySpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>What a global policy demands.</summary>
public class GlobalNetworkPolicySpec : PolicySpec
{
    /// <summary>
    /// Host endpoints: apply before connection tracking and do not track what is allowed, so replies need their own rule.
    /// Needs <c>applyOnForward</c>; not together with <c>preDNAT</c>.
    /// </summary>
    public bool? DoNotTrack { get; set; }

    /// <summary>
    /// Host endpoints: apply before destination NAT, so the rules see the address that the client used. Needs
    /// <c>applyOnForward</c>; ingress only; not together with <c>doNotTrack</c>.
    /// </summary>
    public bool? PreDNAT { get; set; }

    /// <summary>Host endpoints: apply to forwarded traffic too, not only to what the host itself receives or sends.</summary>
    public bool? ApplyOnForward { get; set; }

    /// <summary>
    /// Narrows the policy to pods in namespaces whose labels match; host endpoints then never match. At most 1024
    /// characters.
    /// </summary>
    public string? NamespaceSelector { get; set; }
}
