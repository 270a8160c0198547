using System.Text.Json.Nodes;
using Margay.Model.Yaml;
using Margay.Tests;
using Xunit;

namespace Margay.Install.Tests.Charts;

public sealed class ChartTests
{
    private static readonly string[] _clusterScoped =
        ["ClusterRole", "ClusterRoleBinding", "Namespace", "IPPool", "FelixConfiguration", "APIService", "CustomResourceDefinition", "Installation"];

    /// <summary>Values that people set, in combination: each switch both ways.</summary>
    public static TheoryData<string> Settings =>
    [
        "{}",
        "{createNamespace: true, controllers: {enabled: false}}",
        "{uninstall: true}",
        "{installationResource: {enabled: true}}",
        "{installation: {cni: {type: AmazonVPC}}}",
        "{installation: {cni: {mtu: 1400, hostPorts: false, bandwidth: false, logFile: /var/log/cni.log, furtherPlugins: [{type: tuning, sysctl: {net.core.somaxconn: '500'}}]}}}",
        "{installation: {calicoNetwork: {ipPools: [{name: a, cidr: 10.0.0.0/16, encapsulation: VXLANCrossSubnet}, {name: b, cidr: 'fd00::/48', natOutgoing: Disabled}]}}}",
        "{apiServer: {enabled: true, hostNetwork: true, tls: {caBundle: YWJj}, podDisruptionBudget: {enabled: true}}}",
        "{apiServer: {enabled: true, tls: {mode: helm}}}",
        "{apiServer: {enabled: true, tls: {mode: certManager, issuerRef: {name: ca}}}}",
        "{apiServer: {enabled: true, tls: {mode: self}}}",
        "{imagePullSecrets: [one, {name: two}], global: {imageRegistry: registry.example/margay}, kubernetesServiceEndpoint: {host: 10.0.0.1, port: 6443}}",
        "{node: {hostPID: true, affinity: {nodeAffinity: {}}, podAnnotations: {a: b}, podLabels: {c: d}, extraEnv: [{name: A, value: B}], extraArgs: [--x], extraVolumes: [{name: v, emptyDir: {}}], extraVolumeMounts: [{name: v, mountPath: /v}]}}",
        "{metrics: {podMonitor: {enabled: true, labels: {release: prometheus}}}, rbac: {create: false}, node: {healthHost: 0.0.0.0, serviceAccount: {create: false, name: mine}}}",
    ];

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Every_object_is_named_once_and_in_its_namespace(string values)
    {
        var objects = await Chart.RenderAsync(values);
        Assert.NotEmpty(objects);
        Assert.All(objects, o => Assert.False(string.IsNullOrEmpty(o["apiVersion"]?.GetValue<string>())));
        Assert.Distinct(objects.Select(o => (o.Kind(), (string?)o["metadata"]!["namespace"], o.Name())));
        Assert.All(objects, o => Assert.Equal(_clusterScoped.Contains(o.Kind()), o["metadata"]!["namespace"] is null));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Selectors_select_the_pods_of_their_own_template(string values)
    {
        foreach (var workload in (await Chart.RenderAsync(values)).Where(o => o.Kind() is "DaemonSet" or "Deployment"))
        {
            var labels = workload["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();
            foreach (var (key, value) in workload["spec"]!["selector"]!["matchLabels"]!.AsObject())
                Assert.Equal(value!.GetValue<string>(), labels[key]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("{nod: {}}", "nod")]
    [InlineData("{node: {healthPort: none}}", "node.healthPort")]
    [InlineData("{node: {healthHost: '::1'}}", "node.healthHost")]
    [InlineData("{installation: {cni: {type: Flannel}}}", "installation.cni.type")]
    [InlineData("{installation: {calicoNetwork: {ipPools: [{cidr: 10.0.0.0/16}]}}}", "name is required")]
    [InlineData("{image: {digests: {node: 'sha256:1'}}}", "image.digests.node")]
    [InlineData("{apiServer: {enabled: true}}", "apiServer.tls.caBundle")]
    [InlineData("{metrics: {podMonitor: {enabled: true}}}", "node.healthHost")]
    [InlineData("{apiServer: {enabled: true, tls: {mode: certManager}}}", "apiServer.tls.issuerRef.name")]
    public async Task A_mistake_is_refused_by_the_name_of_the_setting(string values, string says)
    {
        var (exit, _, error) = await Chart.TryRenderAsync(values);
        Assert.Equal(1, exit);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gets_more_rights_than_are_listed()
    {
        var roles = (await Chart.RenderAsync("{apiServer: {enabled: true, tls: {caBundle: YWJj}}}")).Where(o => o.Kind() is "ClusterRole" or "Role");
        foreach (var rule in roles.Where(role => role.Name() != "margay-tiered-policy-passthrough").SelectMany(role => role["rules"]!.AsArray()).Select(rule => rule!.AsObject()))
        {
            string[] groups = Texts(rule, "apiGroups"), resources = Texts(rule, "resources"), verbs = Texts(rule, "verbs");
            Assert.DoesNotContain("*", verbs);
            Assert.DoesNotContain("*", groups);
            Assert.DoesNotContain("secrets", resources);
            if (resources.Contains("*")) Assert.All(groups, group => Assert.EndsWith("projectcalico.org", group, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Without_rbac_there_is_no_role_of_anything()
    {
        var objects = await Chart.RenderAsync("{rbac: {create: false}, installationResource: {enabled: true}, apiServer: {enabled: true, tls: {caBundle: YWJj}}}");
        Assert.DoesNotContain(objects, o => o["apiVersion"]!.GetValue<string>().StartsWith("rbac.", StringComparison.Ordinal));
        Assert.NotNull(objects.The("Installation", "default"));
    }

    /// <summary>On a cluster of IPv6 alone a pod has no other address.</summary>
    [Fact]
    public async Task The_API_server_listens_in_both_families()
    {
        var container = (await Chart.RenderAsync("{apiServer: {enabled: true, tls: {caBundle: YWJj}}}")).The("Deployment", "margay-api")["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Contains("--listen=*:5443", container["args"]!.AsArray().Select(argument => argument!.GetValue<string>()));
    }

    /// <summary>Prometheus would make a target of every container, and give all of them the node's address.</summary>
    [Fact]
    public async Task A_node_is_scraped_once()
    {
        var monitor = (await Chart.RenderAsync("{metrics: {podMonitor: {enabled: true}}, node: {healthHost: 0.0.0.0}}")).The("PodMonitor", "margay-node");
        var kept = monitor["spec"]!["podMetricsEndpoints"]![0]!["relabelings"]![0]!;
        Assert.Equal(("keep", "node"), (kept["action"]!.GetValue<string>(), kept["regex"]!.GetValue<string>()));
    }

    /// <summary>As the status controller makes them (<c>DesiredPools</c>).</summary>
    [Fact]
    public async Task Pools_of_IPv6_are_not_translated_unless_that_is_asked_for()
    {
        var objects = await Chart.RenderAsync("{installation: {calicoNetwork: {ipPools: [{name: a, cidr: 10.0.0.0/16}, {name: b, cidr: 'fd00::/48'}, {name: c, cidr: 'fd01::/48', natOutgoing: Enabled}]}}}");
        Assert.Equal([true, false, true], objects.Where(o => o.Kind() == "IPPool").Select(o => o["spec"]!["natOutgoing"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task A_node_writes_addresses_and_tells_about_itself_and_nothing_else()
    {
        var written = Rules(await Chart.RenderAsync(), "margay-node").Select(rule => (Resources: Texts(rule, "resources"), Verbs: Texts(rule, "verbs").Except(["get", "list", "watch"]).ToArray()))
            .Where(rule => rule.Verbs.Length > 0).Select(rule => $"{string.Join(' ', rule.Verbs)}: {string.Join(' ', rule.Resources)}");
        Assert.Equal(["patch: nodes nodes/status", "create update delete: ipamblocks ipamhandles blockaffinities"], written);
    }

    /// <summary>For agents that are run in another way than by the chart.</summary>
    [Theory]
    [InlineData("margay-node", "margay-agent-node")]
    [InlineData("margay-controllers", "margay-agent-controllers")]
    public async Task Roles_without_the_chart_are_those_of_the_chart(string chart, string plain)
    {
        string file = RepositoryFolder.In("deploy", "aggregated", "agents.yaml");
        JsonObject[] agents = [.. YamlReader.ReadAll(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), file).Select(document => document.Root).OfType<JsonObject>()];
        Assert.Equal(Rules(await Chart.RenderAsync(), chart).Select(rule => rule.ToJsonString()), Rules(agents, plain).Select(rule => rule.ToJsonString()));
    }

    [Fact]
    public async Task A_server_that_makes_its_own_certificate_may_touch_its_own_authority_and_registration_alone()
    {
        var objects = await Chart.RenderAsync("{apiServer: {enabled: true, tls: {mode: self}}}");
        Assert.Null(objects.The("APIService", "v3.projectcalico.org")["spec"]!["caBundle"]);
        var rules = objects.Where(o => o.Kind() is "ClusterRole" or "Role").SelectMany(role => role["rules"]!.AsArray().Select(rule => (Role: role.Kind(), Rule: rule!.AsObject())))
            .Where(r => Texts(r.Rule, "resources") is ["secrets"] or ["apiservices"]).ToArray();
        Assert.Equal(2, rules.Length);
        foreach (var (role, rule) in rules)
        {
            Assert.Equal(Texts(rule, "resources") is ["secrets"] ? "Role" : "ClusterRole", role);
            Assert.Single(Texts(rule, "resourceNames"));
            Assert.Equal(["get", "update"], Texts(rule, "verbs"));
        }
        // It has to be there, and what the servers put into it is not the chart's.
        JsonObject secret = objects.The("Secret", "margay-api-authority");
        Assert.False(secret.ContainsKey("data") || secret.ContainsKey("stringData"));
    }

    [Fact]
    public async Task The_network_configuration_names_our_plugin_first_and_holds_no_credentials()
    {
        var config = (await Chart.RenderAsync()).The("ConfigMap", "margay-cni")["data"]!["10-margay.conflist"]!.GetValue<string>();
        var plugins = JsonNode.Parse(config)!["plugins"]!.AsArray();
        Assert.Equal(["margay-cni", "portmap", "bandwidth"], plugins.Select(plugin => plugin!["type"]!.GetValue<string>()));
        foreach (string secret in (string[])["kubeconfig", "token", "certificate", "k8s_api_root"]) Assert.DoesNotContain(secret, config, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_only_brings_no_plugin_and_no_pools()
    {
        var objects = await Chart.RenderAsync("{installation: {cni: {type: GKE}}}");
        Assert.DoesNotContain(objects, o => o.Kind() is "ConfigMap" or "IPPool");
        var container = Assert.Single(objects.The("DaemonSet", "margay-node")["spec"]!["template"]!["spec"]!["containers"]!.AsArray());
        Assert.Contains("--policy-only=gke", container!["args"]!.AsArray().Select(argument => argument!.GetValue<string>()));
    }

    [Fact]
    public async Task The_node_tolerates_everything_is_critical_and_gives_way_one_at_a_time()
    {
        var spec = (await Chart.RenderAsync()).The("DaemonSet", "margay-node")["spec"]!;
        Assert.Equal("1", spec["updateStrategy"]!["rollingUpdate"]!["maxUnavailable"]!.ToJsonString());
        var pod = spec["template"]!["spec"]!;
        Assert.Equal("system-node-critical", pod["priorityClassName"]!.GetValue<string>());
        Assert.Equal("Exists", Assert.Single(pod["tolerations"]!.AsArray())!["operator"]!.GetValue<string>());
        Assert.All(pod["containers"]!.AsArray(), container => Assert.NotNull(container!["readinessProbe"]));
    }

    /// <summary>A second pod on the same node could not listen, and would stop the upgrade for good.</summary>
    [Fact]
    public async Task Deployments_on_the_host_network_name_their_port_and_do_not_surge()
    {
        var objects = await Chart.RenderAsync("{apiServer: {enabled: true, hostNetwork: true, tls: {caBundle: YWJj}}, controllers: {hostNetwork: true}}");
        foreach (var (name, port) in (ReadOnlySpan<(string, string)>)[("margay-api", "5443"), ("margay-controllers", "9094")])
        {
            var spec = objects.The("Deployment", name)["spec"]!;
            Assert.Equal("0", spec["strategy"]!["rollingUpdate"]!["maxSurge"]!.ToJsonString());
            Assert.Equal(port, spec["template"]!["spec"]!["containers"]![0]!["ports"]![0]!["containerPort"]!.ToJsonString());
        }
    }

    /// <summary>It makes a Jinja template of each manifest and applies it with <c>--namespace=kube-system</c>, which refuses any other namespace.</summary>
    [Theory]
    [InlineData("margay")]
    [InlineData("margay-crds")]
    public async Task Kubespray_can_apply_what_is_rendered_for_its_namespace(string chart)
    {
        string rendered = (await Chart.TryRenderAsync(chart == "margay" ? "{installationResource: {enabled: true}}" : "{}", chart, "-n", "kube-system")).Output;
        Assert.NotEmpty(rendered);
        Assert.DoesNotContain("namespace: margay-system", rendered, StringComparison.Ordinal);
        foreach (string mark in (string[])["{{", "{%", "{#"]) Assert.DoesNotContain(mark, rendered, StringComparison.Ordinal);
    }

    /// <summary>The resource's own default would cut pods off from the API server on their node.</summary>
    [Theory]
    [InlineData("{}", "Accept")]
    [InlineData("{installation: {cni: {type: AmazonVPC}}, felixConfiguration: {defaultEndpointToHostAction: Return}}", "Return")]
    public async Task Pods_reach_their_own_node(string values, string action) =>
        Assert.Equal(action, (await Chart.RenderAsync(values)).The("FelixConfiguration", "default")["spec"]!["defaultEndpointToHostAction"]!.GetValue<string>());

    /// <summary><c>--reuse-values</c> brings the values that the release was made with: none for what is new.</summary>
    [Fact]
    public async Task Values_of_a_release_that_lacks_what_is_new_render()
    {
        var objects = await Chart.RenderAsync("{felixConfiguration: null, installationResource: null}");
        Assert.Equal("Accept", objects.The("FelixConfiguration", "default")["spec"]!["defaultEndpointToHostAction"]!.GetValue<string>());
        Assert.DoesNotContain(await Chart.RenderAsync("{felixConfiguration: {create: false}}"), o => o.Kind() == "FelixConfiguration");
    }

    [Fact]
    public async Task Uninstalling_leaves_no_agent_running()
    {
        var workloads = (await Chart.RenderAsync("{uninstall: true}")).Where(o => o.Kind() is "DaemonSet" or "Deployment").Select(o => o.Name());
        Assert.Equal(["margay-uninstall"], workloads);
    }

    /// <summary>An upgrade deletes what it no longer renders, so they are rendered for an uninstall too.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("{uninstall: true}")]
    public async Task Definitions_and_pools_outlive_the_release(string values)
    {
        var kept = (await Chart.RenderAsync(values)).Where(o => o.Kind() is "IPPool" or "FelixConfiguration").ToArray();
        Assert.Equal(2, kept.Length);
        foreach (var o in (await Chart.RenderAsync(chart: "margay-crds")).Concat(kept))
            Assert.Equal("keep", o["metadata"]!["annotations"]!["helm.sh/resource-policy"]!.GetValue<string>());
    }

    [Fact]
    public async Task Plain_manifests_and_the_kustomize_base_are_what_the_chart_renders()
    {
        var (exit, differences, error) = await Shell.RunAsync(RepositoryFolder.In("eng", "manifests"), "--check");
        Assert.True(exit == 0, $"run eng/manifests and commit what it writes:\n{differences}{error}");
    }

    [Theory]
    [InlineData("{}", "rollout status daemonset/margay-node")]
    [InlineData("{uninstall: true}", "helm -n margay-system uninstall margay")]
    public async Task The_notes_say_what_to_do_next(string values, string says) =>
        Assert.Contains(says, (await Chart.TryRenderAsync(values, "margay", "-notes")).Output, StringComparison.Ordinal);

    private static IEnumerable<JsonObject> Rules(IReadOnlyList<JsonObject> objects, string role) => objects.The("ClusterRole", role)["rules"]!.AsArray().Select(rule => rule!.AsObject());

    private static string[] Texts(JsonObject rule, string key) => [.. (rule[key]?.AsArray() ?? []).Select(text => text!.GetValue<string>())];
}
