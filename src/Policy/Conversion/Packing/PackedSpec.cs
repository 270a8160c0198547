using System.Diagnostics;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;

namespace Margay.Policy.Conversion.Packing;

/// <summary>
/// What a policy demands as bytes: a tenth of what its objects take, and nothing for the collector to follow. Most policies of a large
/// cluster never come into use on a node; it is read again when one does. Nothing of it leaves the process.
/// </summary>
internal static class PackedSpec
{
    /// <summary>Writes what <see cref="PolicyReading.SpecOf"/> gave.</summary>
    public static void Write(SpecWriter to, object spec)
    {
        switch (spec)
        {
            case PolicySpec policy: PolicyPacking.Write(to, policy); break;
            case KubeNetworkPolicySpec policy: KubernetesPacking.Write(to, policy); break;
            case ClusterNetworkPolicySpec policy: ClusterPacking.Write(to, policy); break;
            default: throw new UnreachableException($"{spec.GetType().Name} is no spec of a policy.");
        }
    }

    /// <summary>The same again.</summary>
    public static object Read(PolicyKind kind, byte[] packed)
    {
        var from = new SpecReader(packed);
        return kind switch
        {
            PolicyKind.NetworkPolicy => PolicyPacking.Read(from, new NetworkPolicySpec()),
            PolicyKind.GlobalNetworkPolicy => PolicyPacking.Read(from, new GlobalNetworkPolicySpec()),
            PolicyKind.KubernetesNetworkPolicy => KubernetesPacking.Read(from, new KubeNetworkPolicySpec()),
            PolicyKind.ClusterNetworkPolicy => ClusterPacking.Read(from),
            PolicyKind.StagedNetworkPolicy => PolicyPacking.Read(from, new StagedNetworkPolicySpec()),
            PolicyKind.StagedGlobalNetworkPolicy => PolicyPacking.Read(from, new StagedGlobalNetworkPolicySpec()),
            PolicyKind.StagedKubernetesNetworkPolicy => KubernetesPacking.Read(from, new StagedKubernetesNetworkPolicySpec()),
            _ => throw new UnreachableException($"{kind} is no kind of policy."),
        };
    }
}
