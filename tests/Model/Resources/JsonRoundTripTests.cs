using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Resources;

public sealed class JsonRoundTripTests
{
    [Theory]
    [InlineData("""{"apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy","metadata":{"name":"p","namespace":"n"},"spec":{"order":10.5,"ingress":[{"action":"Allow","ipVersion":4,"protocol":"TCP","notProtocol":17,"source":{"nets":["10.0.0.0/8"],"ports":[80,"1000:2000","http"],"serviceAccounts":{"names":[]}},"destination":{"notPorts":[]},"metadata":{"annotations":{}}},{"action":"Deny","protocol":"ICMP","icmp":{"type":8,"code":0},"notICMP":{"type":3}}],"egress":[],"types":["Ingress","Egress"]}}""")]
    [InlineData("""{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p"},"spec":{"podSelector":{},"ingress":[{},{"ports":[],"from":[]},{"from":[{"namespaceSelector":{}},{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}]}],"egress":[{"ports":[{"protocol":"TCP","port":"http"},{"port":80,"endPort":90}],"to":[{"podSelector":{"matchExpressions":[{"key":"a","operator":"In","values":["b"]}]}}]}],"policyTypes":["Ingress"]}}""")]
    [InlineData("""{"apiVersion":"projectcalico.org/v3","kind":"StagedGlobalNetworkPolicy","metadata":{"name":"p","annotations":{"margay.io/extensions":"true"}},"spec":{"stagedAction":"Learn","tier":"t","ingress":[{"action":"Reject"}],"egress":[],"doNotTrack":false,"preDNAT":false,"applyOnForward":true,"namespaceSelector":"","performanceHints":[],"validFrom":"2030-01-31T08:00:00Z","validUntil":"2030-02-01T08:00:00+02:00"}}""")]
    [InlineData("""{"apiVersion":"projectcalico.org/v3","kind":"StagedNetworkPolicy","metadata":{"name":"p","namespace":"n"},"spec":{"stagedAction":"Delete","tier":"t"}}""")]
    [InlineData("""{"apiVersion":"projectcalico.org/v3","kind":"StagedKubernetesNetworkPolicy","metadata":{"name":"p","namespace":"n"},"spec":{"stagedAction":"Set","podSelector":{"matchLabels":{}},"ingress":[{}],"egress":[],"policyTypes":["Ingress","Egress"]}}""")]
    [InlineData("""{"apiVersion":"policy.networking.k8s.io/v1alpha2","kind":"ClusterNetworkPolicy","metadata":{"name":"p"},"spec":{"tier":"Admin","priority":0,"subject":{"namespaces":{}},"ingress":[{"name":"a","action":"Pass","from":[{"namespaces":{}},{"pods":{"namespaceSelector":{},"podSelector":{"matchLabels":{"a":"b"}}}}],"protocols":[{"tcp":{"destinationPort":{"number":80}}},{"udp":{"destinationPort":{"range":{"start":1,"end":2}}}},{"sctp":{}},{"destinationNamedPort":"http"}]}],"egress":[{"action":"Accept","to":[{"nodes":{}},{"networks":["10.0.0.0/8"]},{"domainNames":["*.example.org"]},{}]}]},"status":{"conditions":[]}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r","uid":"u","controller":true}]},"spec":{"containers":[{"name":"c","image":"i","ports":[{"name":"http","containerPort":80}],"env":[{"name":"A","value":"b"},{"name":"C","valueFrom":{"fieldRef":{"fieldPath":"x"}}}],"resources":{"limits":{"cpu":"1"}},"livenessProbe":{"httpGet":{"port":"http"}}}],"nodeName":"n1","tolerations":[{"key":"k"}],"volumes":[]},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","observedGeneration":3}],"podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],"qosClass":"BestEffort","containerStatuses":[{"name":"c","state":{"running":{"startedAt":"2024-01-01T00:00:00Z"}},"lastState":{},"ready":true,"restartCount":0,"image":"i","imageID":"x","volumeMounts":[]}]}}""")]
    [InlineData("""{"apiVersion":"projectcalico.org/v3","kind":"FelixConfiguration","metadata":{"name":"default"},"spec":{"failsafeInboundHostPorts":[],"failsafeOutboundHostPorts":[{"protocol":"udp","port":53,"net":"0.0.0.0/0"}],"bpfPSNATPorts":"20000:29999","iptablesMarkMask":4294901760,"istioDSCPMark":"AF11","routeTableRanges":[{"min":1,"max":250}],"bpfConntrackTimeouts":{"tcpFinsSeen":"Auto"},"bpfCTLBLogFilter":"all","bpfMapSizePerCpuConntrack":0,"goGCThreshold":40,"ipv6Support":false}}""")]
    [InlineData("""{"apiVersion":"projectcalico.org/v3","kind":"IPAMBlock","metadata":{"name":"10-0-0-0-30"},"spec":{"cidr":"10.0.0.0/30","affinity":"host:n1","allocations":[0,null,null,0],"unallocated":[1,2],"attributes":[{"handle_id":"h","secondary":{"pod":"p"}}],"sequenceNumber":18446744073709551615,"sequenceNumberForAllocation":{"0":1},"deleted":false,"strictAffinity":false}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"spec":{"podCIDR":"10.0.0.0/24"},"status":{"capacity":{"cpu":"4","memory":"16Gi"},"daemonEndpoints":{"kubeletEndpoint":{"Port":10250}},"addresses":[{"type":"InternalIP","address":"192.0.2.1"}]}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"name":"a","port":80,"targetPort":"http"},{"name":"b","port":81,"targetPort":8081}],"clusterIP":"None","clusterIPs":["None"],"ipFamilies":["IPv4"]},"status":{"loadBalancer":{}}}""")]
    [InlineData("""{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"s-1"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true},"nodeName":"n1"}],"ports":[{"name":"","protocol":"TCP","port":80}]}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"b"},"binaryData":{"x":"AA=="},"immutable":true}""")]
    public void What_is_read_is_written_again(string json)
    {
        var kind = JsonNode.Parse(json)!;
        var type = (kind["apiVersion"]!.GetValue<string>(), kind["kind"]!.GetValue<string>()) switch
        {
            ("networking.k8s.io/v1", _) => typeof(KubeNetworkPolicy),
            (_, var name) => typeof(Resource).Assembly.GetType("Margay.Model.Resources." + name)!,
        };
        var info = ModelJson.Default.GetTypeInfo(type)!;

        string written = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, info), info);

        Assert.True(JsonNode.DeepEquals(kind, JsonNode.Parse(written)), written);
    }

    [Fact]
    public void A_null_specification_counts_as_an_empty_one()
    {
        var tier = JsonSerializer.Deserialize("""{"metadata":null,"spec":null}""", ModelJson.Default.Tier)!;

        Assert.Null(tier.Spec.Order);
        Assert.Null(tier.Metadata.Name);
        Assert.Equal("Tier", tier.Kind);
    }

    [Fact]
    public void Numbers_that_no_port_can_be_are_kept_for_validation()
    {
        var rule = JsonSerializer.Deserialize("""{"action":"Allow","protocol":"tcp","source":{"ports":[70000,"9:5","80:x"]}}""",
            ModelJson.Default.Rule)!;

        Assert.Equal([PolicyPort.Single(70000), PolicyPort.Range(9, 5), PolicyPort.Named("80:x")], rule.Source!.Ports!);
        Assert.Null(rule.Protocol!.Value.Number);
        Assert.Equal("tcp", rule.Protocol.Value.Name);
    }
}
