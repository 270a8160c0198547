using System.Text.Json.Nodes;
using Margay.Model.Registry;

namespace Margay.ApiServer.Tests.Rest;

/// <summary>Every kind of policy, routing and addresses is served: made, read, listed as a table, judged by field.</summary>
public sealed class EveryKindTests(TestServer server)
{
    private ApiClient Api => server.Client;

    private static readonly Dictionary<string, string> Specs = new()
    {
        ["Profile"] = """{"labelsToApply":{},"ingress":[]}""",
        ["NetworkSet"] = """{"nets":[]}""",
        ["GlobalNetworkSet"] = """{"nets":["10.0.0.1"]}""",
        ["Tier"] = """{"order":5}""",
        ["IPPool"] = """{"cidr":"10.77.0.0/16","disabled":true}""",
        ["IPReservation"] = """{"reservedCIDRs":["10.78.0.1"]}""",
        ["IPAMConfiguration"] = """{"strictAffinity":true,"autoAllocateBlocks":true}""",
        ["ClusterInformation"] = """{"clusterType":"k8s"}""",
        ["FelixConfiguration"] = """{"failsafeInboundHostPorts":[],"mtuIfacePattern":"^eth"}""",
        ["BGPConfiguration"] = """{"listenPort":1179}""",
        ["BGPFilter"] = """{"exportV4":[{"action":"Accept","asPathPrefix":[64512,"1.10"],"operations":[{"setPriority":{"value":1}}]}],"importV6":[]}""",
        ["BGPPeer"] = """{"peerIP":"192.0.2.1:179","asNumber":64512,"filters":[],"password":{"secretKeyRef":{"name":"s","key":"k"}}}""",
        ["CalicoNodeStatus"] = """{"node":"n1","classes":["Agent"],"updatePeriodSeconds":0}""",
        ["KubeControllersConfiguration"] = """{"controllers":{"node":{"hostEndpoint":{"templates":[]}},"loadBalancer":{},"migration":{}}}""",
        ["HostEndpoint"] = """{"node":"n1","interfaceName":"*","expectedIPs":[],"ports":[{"name":"ssh","protocol":"TCP","port":22}]}""",
        ["BlockAffinity"] = """{"state":"confirmed","node":"n1","cidr":"10.77.0.0/26","type":"host","deleted":false}""",
        ["IPAMBlock"] = """{"cidr":"10.77.0.0/30","affinity":"host:n1","allocations":[0,null,null,null],"unallocated":[1,2,3],"attributes":[{"handle_id":"h"}],"sequenceNumber":1,"sequenceNumberForAllocation":{"0":1},"deleted":false,"strictAffinity":false}""",
        ["IPAMHandle"] = """{"handleID":"h","block":{"10.77.0.0/30":1},"deleted":false}""",
        ["StagedKubernetesNetworkPolicy"] = """{"podSelector":{},"ingress":[{"from":[]}],"policyTypes":["Ingress"]}""",
        ["ClusterNetworkPolicy"] = """{"tier":"Admin","priority":5,"subject":{"namespaces":{}},"egress":[{"action":"Deny","to":[{"networks":["10.0.0.0/8"]}],"protocols":[{"tcp":{"destinationPort":{"range":{"start":1,"end":9}}}}]}]}""",
    };

    public static TheoryData<string, string> Kinds() => new(
        KindRegistry.All.Where(k => k.Served && k.Group is "projectcalico.org" or "policy.networking.k8s.io").Select(k => (k.ApiVersion, k.Kind)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_kind_is_made_read_listed_and_judged(string apiVersion, string kindName)
    {
        var kind = KindRegistry.Find(apiVersion, kindName)!;
        string path = kind.Path(kind.Namespaced ? await server.NamespaceAsync() : null);
        bool single = kindName is "IPAMConfiguration" or "ClusterInformation" or "KubeControllersConfiguration";
        string name = single ? "default" : $"k-{Guid.NewGuid():N}"[..20];
        var spec = JsonNode.Parse(Specs.GetValueOrDefault(kindName, """{"ingress":[],"egress":[]}"""))!;
        string Body(string called, string extra) => new JsonObject
        {
            ["apiVersion"] = apiVersion, ["kind"] = kindName, ["metadata"] = new JsonObject { ["name"] = called },
            ["spec"] = Merge(spec.DeepClone(), JsonNode.Parse(extra)!),
        }.ToJsonString();
        Answer strict = (await Api.PostAsync($"{path}?fieldValidation=Strict", Body(name, """{"noSuchField":1}"""))).Expect(400, "BadRequest");
        Assert.Contains("unknown field \"spec.noSuchField\"", strict.Message, StringComparison.Ordinal);
        // What the server takes for granted is there already, and other tests look at it.
        if (kindName == "ClusterInformation") (await Api.PutAsync($"{path}/{name}?fieldValidation=Strict", Body(name, "{}"))).Expect(200);
        else (await Api.PostAsync($"{path}?fieldValidation=Strict", Body(name, "{}"))).Expect(201);
        Answer read = (await Api.GetAsync($"{path}/{name}")).Expect(200);
        foreach (var (field, value) in (JsonObject)spec)
            Assert.True(Holds(read.Json["spec"]![field], value), $"{field}: {read.Json["spec"]!.ToJsonString()}");
        Answer table = (await Api.GetAsync(path, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")).Expect(200);
        Assert.Equal("Table", (string?)table.Json["kind"]);
        Assert.Empty((await Api.PutAsync($"{path}/{name}?fieldValidation=Warn", read.Text)).Expect(200).Warnings);
        if (kindName != "ClusterInformation") (await Api.DeleteAsync($"{path}/{name}")).Expect(200);
    }

    /// <summary>What was sent is there; defaults may have been added to it.</summary>
    private static bool Holds(JsonNode? stored, JsonNode? sent) => (stored, sent) switch
    {
        (JsonObject has, JsonObject wants) => wants.All(field => Holds(has[field.Key], field.Value)),
        (JsonArray has, JsonArray wants) => has.Count == wants.Count && has.Zip(wants).All(pair => Holds(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(stored, sent),
    };

    private static JsonNode Merge(JsonNode into, JsonNode extra)
    {
        foreach (var (name, value) in (JsonObject)extra) into[name] = value?.DeepClone();
        return into;
    }
}
