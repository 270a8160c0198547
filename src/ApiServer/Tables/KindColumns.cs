using System.Collections.Frozen;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tables;

/// <summary>Which columns a kind has.</summary>
internal static class KindColumns
{
    private static readonly IReadOnlyList<Column> Plain = [Column.ObjectName, Column.Age];

    private static readonly FrozenDictionary<(string Group, string Kind), IReadOnlyList<Column>> Known =
        new Dictionary<(string, string), IReadOnlyList<Column>>
        {
            [("", "Pod")] = WorkloadColumns.Pod,
            [("", "Node")] = WorkloadColumns.Node,
            [("", "Namespace")] = WorkloadColumns.Namespace,
            [("", "Service")] = ServiceColumns.Service,
            [("", "Endpoints")] = ServiceColumns.Endpoints,
            [("discovery.k8s.io", "EndpointSlice")] = ServiceColumns.EndpointSlice,
            [("", "ConfigMap")] = DataColumns.ConfigMap,
            [("", "Secret")] = DataColumns.Secret,
            [("", "ServiceAccount")] = DataColumns.ServiceAccount,
            [("", "Event")] = DataColumns.Event,
            [("events.k8s.io", "Event")] = DataColumns.Event,
            [("coordination.k8s.io", "Lease")] = DataColumns.Lease,
            [("rbac.authorization.k8s.io", "Role")] = RoleColumns.Role,
            [("rbac.authorization.k8s.io", "ClusterRole")] = RoleColumns.Role,
            [("rbac.authorization.k8s.io", "RoleBinding")] = RoleColumns.Binding,
            [("rbac.authorization.k8s.io", "ClusterRoleBinding")] = RoleColumns.Binding,
            [("networking.k8s.io", "NetworkPolicy")] = PolicyColumns.Kubernetes,
            [("projectcalico.org", "NetworkPolicy")] = PolicyColumns.Tiered,
            [("projectcalico.org", "GlobalNetworkPolicy")] = PolicyColumns.Tiered,
            [("projectcalico.org", "StagedNetworkPolicy")] = PolicyColumns.Tiered,
            [("projectcalico.org", "StagedGlobalNetworkPolicy")] = PolicyColumns.Tiered,
            [("projectcalico.org", "StagedKubernetesNetworkPolicy")] = PolicyColumns.Kubernetes,
            [("policy.networking.k8s.io", "ClusterNetworkPolicy")] =
            [
                Column.ObjectName,
                Column.Field("Tier", "Before or after the policies of namespaces.", "spec", "tier"),
                Column.Field("Priority", "Where it comes in its tier.", "spec", "priority"),
                Column.Age,
            ],
            [("projectcalico.org", "Tier")] = PolicyColumns.Tier,
            [("projectcalico.org", "NetworkSet")] = PolicyColumns.NetworkSet,
            [("projectcalico.org", "GlobalNetworkSet")] = PolicyColumns.NetworkSet,
            [("projectcalico.org", "Profile")] = PolicyColumns.Profile,
            [("projectcalico.org", "HostEndpoint")] = PolicyColumns.HostEndpoint,
            [("projectcalico.org", "IPPool")] = AddressColumns.Pool,
            [("projectcalico.org", "IPReservation")] = AddressColumns.Reservation,
            [("projectcalico.org", "BlockAffinity")] = AddressColumns.Affinity,
            [("projectcalico.org", "IPAMBlock")] = AddressColumns.Block,
            [("projectcalico.org", "IPAMHandle")] = AddressColumns.Handle,
            [("projectcalico.org", "IPAMConfiguration")] = AddressColumns.Configuration,
            [("projectcalico.org", "BGPPeer")] = RoutingColumns.Peer,
            [("projectcalico.org", "BGPConfiguration")] = RoutingColumns.Configuration,
            [("projectcalico.org", "CalicoNodeStatus")] = RoutingColumns.NodeStatus,
            [("projectcalico.org", "FelixConfiguration")] =
            [
                Column.ObjectName,
                Column.Text("Settings", "How many settings differ from the defaults.", f => $"{f.Keys("spec")}"),
                Column.Field("Log", "The lowest level of messages.", "spec", "logSeverityScreen"),
                Column.Age,
            ],
            [("projectcalico.org", "ClusterInformation")] =
            [
                Column.ObjectName,
                Column.Field("Version", "The version that runs.", "spec", "calicoVersion"),
                Column.Field("Ready", "Whether the datastore is ready.", "spec", "datastoreReady"),
                Column.Field("Types", "What the cluster is made of.", "spec", "clusterType"),
                Column.Age,
                Column.Field("GUID", "Names this cluster among all.", "spec", "clusterGUID").Wide(),
            ],
        }.ToFrozenDictionary();

    /// <summary>The columns of a kind; name and age when nobody defined others.</summary>
    public static IReadOnlyList<Column> Of(GroupVersionKind kind) => Known.GetValueOrDefault((kind.Group, kind.Kind)) ?? Plain;
}
