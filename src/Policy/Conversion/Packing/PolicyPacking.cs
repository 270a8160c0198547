using Margay.Model.Resources;

namespace Margay.Policy.Conversion.Packing;

/// <summary>The specs of <c>projectcalico.org/v3</c> policies.</summary>
internal static class PolicyPacking
{
    internal static void Write(SpecWriter to, PolicySpec spec)
    {
        to.Text(spec.Selector);
        to.Texts(spec.Types);
        to.List(spec.Ingress, RulePacking.Write);
        to.List(spec.Egress, RulePacking.Write);
        to.Text(spec.Tier);
        to.Real(spec.Order);
        to.Text(spec.ServiceAccountSelector);
        to.Texts(spec.PerformanceHints);
        to.Text(spec.ValidFrom);
        to.Text(spec.ValidUntil);
        if (spec is GlobalNetworkPolicySpec global) Write(to, global);
        if (spec is StagedNetworkPolicySpec or StagedGlobalNetworkPolicySpec) to.Text(StagedActionOf(spec));
    }

    internal static PolicySpec Read(SpecReader from, PolicySpec into)
    {
        into.Selector = from.Text();
        into.Types = from.Texts();
        into.Ingress = from.List(RulePacking.ReadRule);
        into.Egress = from.List(RulePacking.ReadRule);
        into.Tier = from.Text();
        into.Order = from.Real();
        into.ServiceAccountSelector = from.Text();
        into.PerformanceHints = from.Texts();
        into.ValidFrom = from.Text();
        into.ValidUntil = from.Text();
        if (into is GlobalNetworkPolicySpec global) Read(from, global);
        if (into is StagedNetworkPolicySpec staged) staged.StagedAction = from.Text();
        if (into is StagedGlobalNetworkPolicySpec stagedGlobal) stagedGlobal.StagedAction = from.Text();
        return into;
    }

    private static void Write(SpecWriter to, GlobalNetworkPolicySpec spec)
    {
        to.Flag(spec.DoNotTrack);
        to.Flag(spec.PreDNAT);
        to.Flag(spec.ApplyOnForward);
        to.Text(spec.NamespaceSelector);
    }

    private static void Read(SpecReader from, GlobalNetworkPolicySpec into)
    {
        into.DoNotTrack = from.Flag();
        into.PreDNAT = from.Flag();
        into.ApplyOnForward = from.Flag();
        into.NamespaceSelector = from.Text();
    }

    private static string? StagedActionOf(PolicySpec spec) =>
        spec is StagedNetworkPolicySpec staged ? staged.StagedAction : ((StagedGlobalNetworkPolicySpec)spec).StagedAction;
}
