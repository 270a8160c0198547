using Margay.Answers.Reports;
using Margay.Model.Resources;

namespace Margay.Answers.Migration;

/// <summary>Something that a cluster asks for and Margay does not do.</summary>
/// <param name="Field">The field's path.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Level">An error where traffic or protection is lost, a warning where something works differently, a note where nothing depends on it.</param>
/// <param name="Message">What is missing and what to do.</param>
internal readonly record struct Unsupported(string Field, string? Value, FindingLevel Level, string Message);

/// <summary>
/// What Margay does not do yet, kind by kind. The one place to change when it learns something: a line goes away here together with
/// the change that makes it untrue.
/// </summary>
internal static class UnsupportedSettings
{
    /// <summary>Everything that an object asks for in vain.</summary>
    public static IEnumerable<Unsupported> Of(Resource value) => value switch
    {
        IPPool pool => Pool(pool.Spec),
        BGPConfiguration configuration => Bgp(configuration.Spec),
        BGPPeer => [Error("spec", null, "Margay speaks no BGP: routes of this peer are neither learned nor announced; keep the cluster's nodes in one network, or wait")],
        BGPFilter => [Note("spec", null, "Margay speaks no BGP: the filter has no effect")],
        HostEndpoint host => [Error("spec.interfaceName", host.Spec.InterfaceName, "no data plane programs host endpoints: the host is not protected by policy after the takeover")],
        FelixConfiguration felix => FelixSettings.Of(felix),
        GlobalNetworkPolicy policy => HostPolicy(policy.Spec),
        NetworkPolicy policy => Requests(policy.Spec),
        KubeControllersConfiguration => [Note("spec", null, "Margay's controllers collect leaked addresses only; these settings have no effect")],
        CalicoNodeStatus => [Note("spec", null, "Margay reports no status of BGP sessions; the object stays as it is")],
        IPAMConfiguration { Spec.KubeVirtVMAddressPersistence: { } kept } => [Warning("spec.kubeVirtVMAddressPersistence", kept, "machines of KubeVirt get addresses as every pod does")],
        _ => [],
    };

    private static IEnumerable<Unsupported> Pool(IPPoolSpec pool)
    {
        const string Overlay = "no data plane programs this encapsulation: pods on different nodes cannot reach each other unless the network between the nodes routes pod addresses; set it to Never where it does";
        if (IsOn(pool.VxlanMode)) yield return Error("spec.vxlanMode", pool.VxlanMode, Overlay);
        if (IsOn(pool.IpipMode)) yield return Error("spec.ipipMode", pool.IpipMode, Overlay);
        if (pool.DisableBGPExport == true) yield return Note("spec.disableBGPExport", "true", "Margay speaks no BGP: nothing is exported anyway");
        if (pool.AllowedUses?.Contains("LoadBalancer") == true)
            yield return Warning("spec.allowedUses", "LoadBalancer", "Margay gives no addresses to services; services keep the ones they have");
    }

    private static IEnumerable<Unsupported> Bgp(BGPConfigurationSpec bgp)
    {
        if (bgp.NodeToNodeMeshEnabled != false)
            yield return Warning("spec.nodeToNodeMeshEnabled", "true", "Margay programs routes to other nodes' blocks itself and without BGP: this suffices where all nodes are in one network");
        foreach (var (field, ranges) in new (string, int?)[]
        {
            ("spec.serviceClusterIPs", bgp.ServiceClusterIPs?.Count), ("spec.serviceExternalIPs", bgp.ServiceExternalIPs?.Count),
            ("spec.serviceLoadBalancerIPs", bgp.ServiceLoadBalancerIPs?.Count), ("spec.prefixAdvertisements", bgp.PrefixAdvertisements?.Count),
        })
        {
            if (ranges > 0) yield return Error(field, null, "Margay announces no addresses by BGP: clients outside of the cluster lose their way to them");
        }
    }

    private static IEnumerable<Unsupported> HostPolicy(GlobalNetworkPolicySpec policy)
    {
        const string Host = "no data plane programs host endpoints, which alone this policy is about: it is not enforced";
        if (policy.DoNotTrack == true) yield return Error("spec.doNotTrack", "true", Host);
        if (policy.PreDNAT == true) yield return Error("spec.preDNAT", "true", Host);
        if (policy.ApplyOnForward == true) yield return Warning("spec.applyOnForward", "true", "no data plane programs host endpoints: traffic that a host passes on is judged by the workloads' policy alone");
        foreach (var found in Requests(policy)) yield return found;
    }

    private static IEnumerable<Unsupported> Requests(PolicySpec policy)
    {
        foreach (var (direction, rules) in new (string, List<Rule>?)[] { ("ingress", policy.Ingress), ("egress", policy.Egress) })
        {
            for (int i = 0; i < (rules?.Count ?? 0); i++)
            {
                if (rules![i]?.Http is not null)
                    yield return Error($"spec.{direction}[{i}].http", null, "no data plane looks into requests: the rule matches no packet, so what it allows is not allowed by it");
            }
        }
    }

    private static bool IsOn(string? mode) => mode is not (null or "" or "Never");

    private static Unsupported Error(string field, string? value, string message) => new(field, value, FindingLevel.Error, message);

    private static Unsupported Warning(string field, string? value, string message) => new(field, value, FindingLevel.Warning, message);

    private static Unsupported Note(string field, string? value, string message) => new(field, value, FindingLevel.Note, message);
}
