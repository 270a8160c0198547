using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Fills in what an object leaves out and readers of the API expect to see.</summary>
public static class ResourceDefaults
{
    /// <summary>Fills in defaults; doing it twice changes nothing.</summary>
    /// <param name="value">The object, changed in place.</param>
    public static void Apply(Resource value)
    {
        ArgumentNullException.ThrowIfNull(value);
        switch (value)
        {
            case NetworkPolicy policy:
                ApplyToPolicy(policy.Spec);
                break;
            case GlobalNetworkPolicy policy:
                ApplyToPolicy(policy.Spec);
                break;
            case StagedNetworkPolicy policy:
                policy.Spec.StagedAction = Staged(policy.Spec.StagedAction);
                ApplyToPolicy(policy.Spec);
                break;
            case StagedGlobalNetworkPolicy policy:
                policy.Spec.StagedAction = Staged(policy.Spec.StagedAction);
                ApplyToPolicy(policy.Spec);
                break;
            case StagedKubernetesNetworkPolicy policy:
                policy.Spec.StagedAction = Staged(policy.Spec.StagedAction);
                break;
            case Tier tier:
                tier.Spec.DefaultAction ??= PolicyAction.Deny;
                break;
            case IPPool pool:
                ApplyToPool(pool.Spec);
                break;
            case BGPConfiguration configuration:
                configuration.Spec.LogSeverityScreen ??= "Info";
                configuration.Spec.ServiceLoadBalancerAggregation ??= "Enabled";
                break;
            case FelixConfiguration configuration:
                configuration.Spec.NftablesMode ??= "Auto";
                configuration.Spec.NftablesFlowTableOffload ??= "Disabled";
                break;
            case IPAMConfiguration configuration:
                configuration.Spec.MaxBlocksPerHost ??= 0;
                break;
            case KubeControllersConfiguration configuration:
                configuration.Spec.HealthChecks ??= "Enabled";
                configuration.Spec.Controllers?.LoadBalancer?.AssignIPs ??= "AllServices";
                configuration.Spec.Controllers?.Migration?.PolicyNameMigrator ??= "Enabled";
                break;
            case KubeNetworkPolicy policy:
                ApplyToKubePolicy(policy.Spec);
                break;
        }
    }

    private static void ApplyToPolicy(PolicySpec spec)
    {
        if (string.IsNullOrEmpty(spec.Tier))
            spec.Tier = Tier.DefaultName;
        if (spec is StagedNetworkPolicySpec { StagedAction: StagedAction.Delete } or StagedGlobalNetworkPolicySpec { StagedAction: StagedAction.Delete })
            return;
        if (spec.Types is { Count: > 0 })
            return;
        spec.Types = (spec.Ingress is { Count: > 0 }, spec.Egress is { Count: > 0 }) switch
        {
            (_, false) => [PolicyType.Ingress],
            (false, true) => [PolicyType.Egress],
            (true, true) => [PolicyType.Ingress, PolicyType.Egress],
        };
    }

    private static string Staged(string? action) => string.IsNullOrEmpty(action) ? StagedAction.Set : action;

    private static void ApplyToPool(IPPoolSpec spec)
    {
        if (spec.BlockSize is null or 0 && IpPrefix.TryParse(spec.Cidr, out var cidr))
            spec.BlockSize = cidr.Family == IpFamily.V4 ? 26 : 122;
        if (string.IsNullOrEmpty(spec.IpipMode))
            spec.IpipMode = "Never";
        if (string.IsNullOrEmpty(spec.VxlanMode))
            spec.VxlanMode = "Never";
        if (string.IsNullOrEmpty(spec.NodeSelector))
            spec.NodeSelector = "all()";
        spec.AssignmentMode ??= "Automatic";
        if (spec.AllowedUses is not { Count: > 0 })
            spec.AllowedUses = ["Workload", "Tunnel"];
    }

    private static void ApplyToKubePolicy(KubeNetworkPolicySpec spec)
    {
        if (spec.PolicyTypes is not { Count: > 0 })
            spec.PolicyTypes = spec.Egress is { Count: > 0 } ? [PolicyType.Ingress, PolicyType.Egress] : [PolicyType.Ingress];
        foreach (var rule in spec.Ingress ?? [])
            ApplyToPorts(rule?.Ports);
        foreach (var rule in spec.Egress ?? [])
            ApplyToPorts(rule?.Ports);
    }

    private static void ApplyToPorts(List<KubePolicyPort>? ports)
    {
        foreach (var port in ports ?? [])
            port?.Protocol ??= "TCP";
    }
}
