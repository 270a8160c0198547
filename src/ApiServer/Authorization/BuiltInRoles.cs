using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization.Tiers;

namespace Margay.ApiServer.Authorization;

/// <summary>The roles and bindings that a new server has, under Kubernetes' names where Kubernetes has them.</summary>
internal static class BuiltInRoles
{
    /// <summary>The group of node services.</summary>
    public const string Nodes = "margay:nodes";

    /// <summary>The group of <c>margay-server controllers</c>.</summary>
    public const string Controllers = "margay:controllers";

    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["create", "update", "patch", "delete", "deletecollection"];
    private static readonly string[] WithoutTiers = ["networksets", "stagedkubernetesnetworkpolicies"];
    private static readonly string[] InTiers = ["tier.networkpolicies", "tier.stagednetworkpolicies"];

    /// <summary>The roles by name.</summary>
    public static IEnumerable<(string Name, JsonObject Document)> Roles() =>
    [
        Role("cluster-admin", Rule(["*"], ["*"], ["*"]), Paths("*")),
        Role("system:discovery", Paths("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*", "/version", "/version/", "/healthz", "/livez", "/readyz")),
        Role("system:basic-user",
            Rule(["create"], ["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
            Rule(["create"], ["authentication.k8s.io"], ["selfsubjectreviews"])),
        // Everybody may know of the tier in which policies are that name none; what is in it is another right.
        Role("margay:default-tier", Rule(["get"], ["projectcalico.org"], ["tiers"], [TieredKinds.DefaultTier])),
        Role("view", [.. InNamespaces(Read), .. ReadTiers()]),
        Role("edit", [.. InNamespaces([.. Read, .. Write]), .. ReadTiers(), WriteDefaultTier(), Rule([.. Read, .. Write], [""], ["secrets"])]),
        Role("admin",
        [
            .. InNamespaces([.. Read, .. Write]), .. ReadTiers(), WriteDefaultTier(), Rule([.. Read, .. Write], [""], ["secrets"]),
            Rule([.. Read, .. Write], ["rbac.authorization.k8s.io"], ["roles", "rolebindings"]),
        ]),
        // What a node service needs: everything that policy depends on, the pods' addresses, its own blocks and Node.
        Role("margay:node",
            Rule(Read, [""], ["namespaces", "serviceaccounts", "pods", "services", "endpoints", "nodes"]),
            Rule(["create", "update", "patch"], [""], ["nodes", "nodes/status", "pods/status"]),
            Rule(Read, ["discovery.k8s.io"], ["endpointslices"]),
            Rule(Read, ["networking.k8s.io"], ["networkpolicies"]),
            Rule(Read, ["policy.networking.k8s.io"], ["clusternetworkpolicies"]),
            Rule(Read, ["projectcalico.org"], ["*"]),
            Rule(["create", "update", "delete"], ["projectcalico.org"], ["ipamblocks", "ipamhandles", "blockaffinities"])),
        Role("margay:controllers",
            Rule(Read, [""], ["namespaces", "serviceaccounts", "pods", "nodes"]),
            Rule([.. Read, "create", "update", "patch", "delete"], ["projectcalico.org"],
                ["ipamblocks", "ipamhandles", "blockaffinities", "ipamconfigurations", "ippools", "ipreservations", "clusterinformations"])),
    ];

    /// <summary>The bindings by name.</summary>
    public static IEnumerable<(string Name, JsonObject Document)> Bindings() =>
    [
        Binding("cluster-admin", "cluster-admin", RoleAuthorizer.Masters),
        Binding("system:discovery", "system:discovery", "system:authenticated"),
        Binding("system:basic-user", "system:basic-user", "system:authenticated"),
        Binding("margay:default-tier", "margay:default-tier", "system:authenticated"),
        Binding("margay:node", "margay:node", Nodes),
        Binding("margay:controllers", "margay:controllers", Controllers),
    ];

    private static JsonObject[] InNamespaces(string[] verbs) =>
    [
        Rule(verbs, [""], ["configmaps", "endpoints", "events", "pods", "pods/status", "serviceaccounts", "services"]),
        Rule(["get", "list", "watch"], [""], ["namespaces"]),
        Rule(verbs, ["discovery.k8s.io"], ["endpointslices"]),
        Rule(verbs, ["networking.k8s.io"], ["networkpolicies"]),
        Rule(verbs, ["projectcalico.org"], WithoutTiers),
    ];

    // Of tiers that the user may get: of all of them only where the role is bound for the whole cluster.
    private static JsonObject[] ReadTiers() => [Rule(Read, ["projectcalico.org"], InTiers), Rule(Read, ["projectcalico.org"], ["tiers"])];

    private static JsonObject WriteDefaultTier() => Rule(Write, ["projectcalico.org"], InTiers, [$"{TieredKinds.DefaultTier}.*"]);

    private static (string, JsonObject) Role(string name, params JsonObject[] rules) =>
        (name, new JsonObject { ["rules"] = new JsonArray([.. rules.Select(rule => (JsonNode)rule)]) });

    private static (string, JsonObject) Binding(string name, string role, string group) => (name, new JsonObject
    {
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Group", ["name"] = group }),
    });

    private static JsonObject Rule(string[] verbs, string[] groups, string[] resources) =>
        new() { ["verbs"] = Array(verbs), ["apiGroups"] = Array(groups), ["resources"] = Array(resources) };

    private static JsonObject Rule(string[] verbs, string[] groups, string[] resources, string[] names)
    {
        var rule = Rule(verbs, groups, resources);
        rule["resourceNames"] = Array(names);
        return rule;
    }

    private static JsonObject Paths(params string[] paths) => new() { ["verbs"] = Array(paths is ["*"] ? ["*"] : ["get"]), ["nonResourceURLs"] = Array(paths) };

    private static JsonArray Array(string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
