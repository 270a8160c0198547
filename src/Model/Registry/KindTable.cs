using System.Collections.Immutable;
using Margay.Model.Resources;

namespace Margay.Model.Registry;

// Short names are those of Kubernetes and of Calico's API server, aliases those of calicoctl.
/// <summary>The table of kinds.</summary>
internal static class KindTable
{
    private const string CoreGroup = "";
    private const string CalicoGroup = "projectcalico.org";
    private const string NetworkingGroup = "networking.k8s.io";
    private const string ClusterPolicyGroup = "policy.networking.k8s.io";
    private const string RbacGroup = "rbac.authorization.k8s.io";
    private const string DiscoveryGroup = "discovery.k8s.io";
    private const string CoordinationGroup = "coordination.k8s.io";

    internal static readonly ImmutableArray<KindInfo> Kinds =
    [
        new KindInfo<Namespace>(ModelJson.Default.Namespace, ModelJson.Default.NamespaceList)
        {
            Group = CoreGroup, Version = "v1", Kind = "Namespace", Plural = "namespaces", Namespaced = false,
            ShortNames = ["ns"],
            HasStatus = true,
        },
        new KindInfo<Node>(ModelJson.Default.Node, ModelJson.Default.NodeList)
        {
            Group = CoreGroup, Version = "v1", Kind = "Node", Plural = "nodes", Namespaced = false,
            ShortNames = ["no"],
            Aliases = ["nos"],
            HasStatus = true,
        },
        new KindInfo<ServiceAccount>(ModelJson.Default.ServiceAccount, ModelJson.Default.ServiceAccountList)
        {
            Group = CoreGroup, Version = "v1", Kind = "ServiceAccount", Plural = "serviceaccounts", Namespaced = true,
            ShortNames = ["sa"],
        },
        new KindInfo<ConfigMap>(ModelJson.Default.ConfigMap, ModelJson.Default.ConfigMapList)
        {
            Group = CoreGroup, Version = "v1", Kind = "ConfigMap", Plural = "configmaps", Namespaced = true,
            ShortNames = ["cm"],
        },
        new KindInfo<Secret>(ModelJson.Default.Secret, ModelJson.Default.SecretList)
        {
            Group = CoreGroup, Version = "v1", Kind = "Secret", Plural = "secrets", Namespaced = true,
        },
        new KindInfo<Role>(ModelJson.Default.Role, ModelJson.Default.RoleList)
        {
            Group = RbacGroup, Version = "v1", Kind = "Role", Plural = "roles", Namespaced = true,
        },
        new KindInfo<ClusterRole>(ModelJson.Default.ClusterRole, ModelJson.Default.ClusterRoleList)
        {
            Group = RbacGroup, Version = "v1", Kind = "ClusterRole", Plural = "clusterroles", Namespaced = false,
        },
        new KindInfo<RoleBinding>(ModelJson.Default.RoleBinding, ModelJson.Default.RoleBindingList)
        {
            Group = RbacGroup, Version = "v1", Kind = "RoleBinding", Plural = "rolebindings", Namespaced = true,
        },
        new KindInfo<ClusterRoleBinding>(ModelJson.Default.ClusterRoleBinding, ModelJson.Default.ClusterRoleBindingList)
        {
            Group = RbacGroup, Version = "v1", Kind = "ClusterRoleBinding", Plural = "clusterrolebindings", Namespaced = false,
        },
        new KindInfo<Service>(ModelJson.Default.Service, ModelJson.Default.ServiceList)
        {
            Group = CoreGroup, Version = "v1", Kind = "Service", Plural = "services", Namespaced = true,
            ShortNames = ["svc"],
            Categories = ["all"],
            HasStatus = true,
        },
        new KindInfo<Endpoints>(ModelJson.Default.Endpoints, ModelJson.Default.EndpointsList)
        {
            Group = CoreGroup, Version = "v1", Kind = "Endpoints", Plural = "endpoints", Namespaced = true,
            ShortNames = ["ep"],
        },
        new KindInfo<Pod>(ModelJson.Default.Pod, ModelJson.Default.PodList)
        {
            Group = CoreGroup, Version = "v1", Kind = "Pod", Plural = "pods", Namespaced = true,
            ShortNames = ["po"],
            Categories = ["all"],
            HasStatus = true,
        },
        new KindInfo<Event>(ModelJson.Default.Event, ModelJson.Default.EventList)
        {
            Group = CoreGroup, Version = "v1", Kind = "Event", Plural = "events", Namespaced = true,
            ShortNames = ["ev"],
        },
        new KindInfo<Lease>(ModelJson.Default.Lease, ModelJson.Default.LeaseList)
        {
            Group = CoordinationGroup, Version = "v1", Kind = "Lease", Plural = "leases", Namespaced = true,
        },
        new KindInfo<EndpointSlice>(ModelJson.Default.EndpointSlice, ModelJson.Default.EndpointSliceList)
        {
            Group = DiscoveryGroup, Version = "v1", Kind = "EndpointSlice", Plural = "endpointslices", Namespaced = true,
        },
        new KindInfo<EndpointSlice>(ModelJson.Default.EndpointSlice, ModelJson.Default.EndpointSliceList)
        {
            Group = DiscoveryGroup, Version = "v1beta1", Kind = "EndpointSlice", Plural = "endpointslices", Namespaced = true,
            Served = false,
        },
        new KindInfo<Tier>(ModelJson.Default.Tier, ModelJson.Default.TierList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "Tier", Plural = "tiers", Namespaced = false,
            HasStatus = true,
        },
        new KindInfo<IPPool>(ModelJson.Default.IPPool, ModelJson.Default.IPPoolList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "IPPool", Plural = "ippools", Namespaced = false,
            ShortNames = ["ipp", "ipps", "pool", "pools"],
            HasStatus = true,
        },
        new KindInfo<IPReservation>(ModelJson.Default.IPReservation, ModelJson.Default.IPReservationList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "IPReservation", Plural = "ipreservations", Namespaced = false,
            Aliases = ["reservation", "reservations"],
        },
        new KindInfo<IPAMConfiguration>(ModelJson.Default.IPAMConfiguration, ModelJson.Default.IPAMConfigurationList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "IPAMConfiguration", Plural = "ipamconfigurations", Namespaced = false,
            ShortNames = ["ipamconfig", "ipamconfigs"],
        },
        new KindInfo<ClusterInformation>(ModelJson.Default.ClusterInformation, ModelJson.Default.ClusterInformationList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "ClusterInformation", Plural = "clusterinformations", Namespaced = false,
            ShortNames = ["clusterinfo", "clusterinfos"],
        },
        new KindInfo<FelixConfiguration>(ModelJson.Default.FelixConfiguration, ModelJson.Default.FelixConfigurationList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "FelixConfiguration", Plural = "felixconfigurations", Namespaced = false,
            ShortNames = ["felixconfig", "felixconfigs"],
        },
        new KindInfo<BGPConfiguration>(ModelJson.Default.BGPConfiguration, ModelJson.Default.BGPConfigurationList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "BGPConfiguration", Plural = "bgpconfigurations", Namespaced = false,
            ShortNames = ["bgpconfig", "bgpconfigs"],
        },
        new KindInfo<BGPFilter>(ModelJson.Default.BGPFilter, ModelJson.Default.BGPFilterList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "BGPFilter", Plural = "bgpfilters", Namespaced = false,
        },
        new KindInfo<BGPPeer>(ModelJson.Default.BGPPeer, ModelJson.Default.BGPPeerList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "BGPPeer", Plural = "bgppeers", Namespaced = false,
            Aliases = ["bgpp", "bgpps"],
        },
        new KindInfo<CalicoNodeStatus>(ModelJson.Default.CalicoNodeStatus, ModelJson.Default.CalicoNodeStatusList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "CalicoNodeStatus", Plural = "caliconodestatuses", Namespaced = false,
            HasStatus = true,
        },
        new KindInfo<KubeControllersConfiguration>(ModelJson.Default.KubeControllersConfiguration, ModelJson.Default.KubeControllersConfigurationList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "KubeControllersConfiguration", Plural = "kubecontrollersconfigurations", Namespaced = false,
            ShortNames = ["kcc", "kccs"],
            Aliases = ["kubecontrollersconfig"],
            HasStatus = true,
        },
        new KindInfo<CalicoNode>(ModelJson.Default.CalicoNode, ModelJson.Default.CalicoNodeList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "Node", Plural = "nodes", Namespaced = false,
            Served = false,
        },
        new KindInfo<WorkloadEndpoint>(ModelJson.Default.WorkloadEndpoint, ModelJson.Default.WorkloadEndpointList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "WorkloadEndpoint", Plural = "workloadendpoints", Namespaced = true,
            Aliases = ["wep", "weps"],
            Served = false,
        },
        new KindInfo<Profile>(ModelJson.Default.Profile, ModelJson.Default.ProfileList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "Profile", Plural = "profiles", Namespaced = false,
            Aliases = ["pro", "pros"],
        },
        new KindInfo<HostEndpoint>(ModelJson.Default.HostEndpoint, ModelJson.Default.HostEndpointList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "HostEndpoint", Plural = "hostendpoints", Namespaced = false,
            ShortNames = ["hep", "heps"],
        },
        new KindInfo<GlobalNetworkSet>(ModelJson.Default.GlobalNetworkSet, ModelJson.Default.GlobalNetworkSetList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "GlobalNetworkSet", Plural = "globalnetworksets", Namespaced = false,
            ShortNames = ["gns"],
            Aliases = ["gnetset", "gnetsets"],
        },
        new KindInfo<NetworkSet>(ModelJson.Default.NetworkSet, ModelJson.Default.NetworkSetList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "NetworkSet", Plural = "networksets", Namespaced = true,
            ShortNames = ["netset", "netsets"],
        },
        new KindInfo<GlobalNetworkPolicy>(ModelJson.Default.GlobalNetworkPolicy, ModelJson.Default.GlobalNetworkPolicyList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "GlobalNetworkPolicy", Plural = "globalnetworkpolicies", Namespaced = false,
            ShortNames = ["gnp", "cgnp", "calicoglobalnetworkpolicies"],
            Aliases = ["gnps"],
        },
        new KindInfo<NetworkPolicy>(ModelJson.Default.NetworkPolicy, ModelJson.Default.NetworkPolicyList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "NetworkPolicy", Plural = "networkpolicies", Namespaced = true,
            ShortNames = ["cnp", "caliconetworkpolicy", "caliconetworkpolicies"],
            Aliases = ["np", "nps", "policy", "policies", "pol", "pols"],
        },
        new KindInfo<KubeNetworkPolicy>(ModelJson.Default.KubeNetworkPolicy, ModelJson.Default.KubeNetworkPolicyList)
        {
            Group = NetworkingGroup, Version = "v1", Kind = "NetworkPolicy", Plural = "networkpolicies", Namespaced = true,
            ShortNames = ["netpol"],
            Aliases = ["knp"],
        },
        new KindInfo<StagedGlobalNetworkPolicy>(ModelJson.Default.StagedGlobalNetworkPolicy, ModelJson.Default.StagedGlobalNetworkPolicyList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "StagedGlobalNetworkPolicy", Plural = "stagedglobalnetworkpolicies",
            Namespaced = false,
            ShortNames = ["sgnp"],
            Aliases = ["sgnps"],
        },
        new KindInfo<StagedNetworkPolicy>(ModelJson.Default.StagedNetworkPolicy, ModelJson.Default.StagedNetworkPolicyList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "StagedNetworkPolicy", Plural = "stagednetworkpolicies", Namespaced = true,
            ShortNames = ["scnp", "snp"],
            Aliases = ["snps"],
        },
        new KindInfo<StagedKubernetesNetworkPolicy>(
            ModelJson.Default.StagedKubernetesNetworkPolicy, ModelJson.Default.StagedKubernetesNetworkPolicyList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "StagedKubernetesNetworkPolicy", Plural = "stagedkubernetesnetworkpolicies",
            Namespaced = true,
            ShortNames = ["sknp"],
            Aliases = ["sknps"],
        },
        new KindInfo<ClusterNetworkPolicy>(ModelJson.Default.ClusterNetworkPolicy, ModelJson.Default.ClusterNetworkPolicyList)
        {
            Group = ClusterPolicyGroup, Version = "v1alpha2", Kind = "ClusterNetworkPolicy", Plural = "clusternetworkpolicies",
            Namespaced = false,
            ShortNames = ["cnp"],
            HasStatus = true,
        },
        new KindInfo<BlockAffinity>(ModelJson.Default.BlockAffinity, ModelJson.Default.BlockAffinityList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "BlockAffinity", Plural = "blockaffinities", Namespaced = false,
            ShortNames = ["affinity", "affinities"],
        },
        new KindInfo<IPAMBlock>(ModelJson.Default.IPAMBlock, ModelJson.Default.IPAMBlockList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "IPAMBlock", Plural = "ipamblocks", Namespaced = false,
        },
        new KindInfo<IPAMHandle>(ModelJson.Default.IPAMHandle, ModelJson.Default.IPAMHandleList)
        {
            Group = CalicoGroup, Version = "v3", Kind = "IPAMHandle", Plural = "ipamhandles", Namespaced = false,
        },
    ];
}
