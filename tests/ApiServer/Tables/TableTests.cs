using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Tables;

namespace Margay.ApiServer.Tests.Tables;

public sealed class TableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_running_pod_has_the_columns_people_know()
    {
        var cells = Row("v1", "Pod", """
            {"metadata":{"name":"web","creationTimestamp":"2026-01-02T03:00:00Z"},"spec":{"nodeName":"n1","containers":[{"name":"a"},{"name":"b"}]},
             "status":{"phase":"Running","podIP":"10.0.0.9","podIPs":[{"ip":"10.0.0.9"},{"ip":"fd00::9"}],"containerStatuses":[
               {"name":"a","ready":true,"restartCount":2,"state":{"running":{}},"lastState":{"terminated":{"finishedAt":"2026-01-02T03:03:00Z"}}},
               {"name":"b","ready":true,"restartCount":0,"state":{"running":{}}}]}}
            """);

        Assert.Equal(["web", "2/2", "Running", "2 (65s ago)", "4m5s", "10.0.0.9", "n1", "<none>", "<none>"], cells);
    }

    [Theory]
    [InlineData("""{"status":{"phase":"Pending"},"spec":{"containers":[{}]}}""", "0/1", "Pending")]
    [InlineData("""{"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff"}}}]},"spec":{"containers":[{}]}}""", "0/1", "ImagePullBackOff")]
    [InlineData("""{"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":3}}}]},"spec":{"containers":[{}]}}""", "0/1", "ExitCode:3")]
    [InlineData("""{"status":{"phase":"Succeeded","containerStatuses":[{"state":{"terminated":{"reason":"Completed"}}}]},"spec":{"containers":[{}]}}""", "0/1", "Completed")]
    [InlineData("""{"metadata":{"deletionTimestamp":"2026-01-02T03:00:00Z"},"status":{"phase":"Running","containerStatuses":[{"ready":true,"state":{"running":{}}}]},"spec":{"containers":[{}]}}""", "1/1", "Terminating")]
    [InlineData("""{"status":{"phase":"Pending","initContainerStatuses":[{"state":{"terminated":{"exitCode":0}}},{"state":{"running":{}}}]},"spec":{"initContainers":[{},{}],"containers":[{}]}}""", "0/1", "Init:1/2")]
    [InlineData("""{"status":{"phase":"Pending","initContainerStatuses":[{"state":{"terminated":{"exitCode":2,"reason":"Error"}}}]},"spec":{"initContainers":[{}],"containers":[{}]}}""", "0/1", "Init:Error")]
    [InlineData("""{"status":{"phase":"Failed","reason":"Evicted"},"spec":{"containers":[{}]}}""", "0/1", "Evicted")]
    public void A_pod_tells_why_it_does_not_run(string pod, string ready, string status)
    {
        var cells = Row("v1", "Pod", pod);
        Assert.Equal((ready, status), (cells[1], cells[2]));
    }

    [Theory]
    [InlineData("v1", "Service", """{"metadata":{"name":"s"},"spec":{"type":"NodePort","clusterIP":"10.1.0.1","clusterIPs":["10.1.0.1"],"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],"selector":{"b":"2","a":"1"}}}""", "s|NodePort|10.1.0.1|<none>|80:30080/TCP,53/UDP|<unknown>|a=1,b=2")]
    [InlineData("v1", "Service", """{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","clusterIP":"None","ports":[]}}""", "s|LoadBalancer|None|<pending>|<none>|<unknown>|<none>")]
    [InlineData("v1", "Endpoints", """{"metadata":{"name":"e"},"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"ports":[{"port":80},{"port":81}]}]}""", "e|10.0.0.1:80,10.0.0.1:81,[fd00::1]:80 + 1 more...|<unknown>")]
    [InlineData("v1", "Node", """{"metadata":{"name":"n","labels":{"node-role.kubernetes.io/worker":""}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"192.0.2.1"}],"nodeInfo":{"kubeletVersion":"v1"}}}""", "n|Ready,SchedulingDisabled|worker|<unknown>|v1|192.0.2.1|<none>|<unknown>|<unknown>|<unknown>")]
    [InlineData("networking.k8s.io/v1", "NetworkPolicy", """{"metadata":{"name":"p"},"spec":{"podSelector":{"matchLabels":{"app":"x"},"matchExpressions":[{"key":"t","operator":"In","values":["a","b"]},{"key":"z","operator":"DoesNotExist"}]}}}""", "p|app=x,t in (a,b),!z|<unknown>")]
    [InlineData("projectcalico.org/v3", "Tier", """{"metadata":{"name":"t"},"spec":{"order":100}}""", "t|100|Deny|<none>|<unknown>")]
    [InlineData("projectcalico.org/v3", "GlobalNetworkPolicy", """{"metadata":{"name":"g"},"spec":{"tier":"sec","order":12.5,"selector":"app == 'x'","egress":[{"action":"Allow"}]}}""", "g|sec|12.5|app == 'x'|<unknown>|Egress|0/1")]
    [InlineData("projectcalico.org/v3", "NetworkPolicy", """{"metadata":{"name":"g"},"spec":{}}""", "g|default|<none>|all()|<unknown>|Ingress|0/0")]
    [InlineData("projectcalico.org/v3", "IPPool", """{"metadata":{"name":"p"},"spec":{"cidr":"10.0.0.0/16","natOutgoing":true}}""", "p|10.0.0.0/16|Never|Never|true|<none>|<unknown>|26|false|all()|Automatic")]
    [InlineData("projectcalico.org/v3", "IPAMBlock", """{"metadata":{"name":"b"},"spec":{"cidr":"10.0.0.0/30","affinity":"host:n","allocations":[0,null,1,null]}}""", "b|10.0.0.0/30|host:n|<unknown>|2/4|<unknown>")]
    [InlineData("projectcalico.org/v3", "IPAMHandle", """{"metadata":{"name":"b"},"spec":{"handleID":"h","block":{"10.0.0.0/26":2,"10.0.1.0/26":1}}}""", "b|h|3|<unknown>|10.0.0.0/26=2,10.0.1.0/26=1")]
    [InlineData("projectcalico.org/v3", "BGPPeer", """{"metadata":{"name":"b"},"spec":{"node":"n","peerIP":"192.0.2.1","asNumber":64512}}""", "b|<none>|n|<none>|<none>|192.0.2.1|64512|<unknown>")]
    [InlineData("projectcalico.org/v3", "CalicoNodeStatus", """{"metadata":{"name":"b"},"spec":{"node":"n","classes":["Agent","BGP"]}}""", "b|n|Agent,BGP|<unknown>")]
    [InlineData("coordination.k8s.io/v1", "Lease", """{"metadata":{"name":"l","creationTimestamp":"2026-01-02T03:00:00Z"},"spec":{"holderIdentity":"a_1"}}""", "l|a_1|4m5s")]
    [InlineData("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", """{"metadata":{"name":"b"},"spec":{"tier":"Admin","priority":7}}""", "b|Admin|7|<unknown>")]
    public void Rows_show_what_matters_of_a_kind(string apiVersion, string kind, string value, string cells) =>
        Assert.Equal(cells, string.Join('|', Row(apiVersion, kind, value)));

    [Fact]
    public void Every_kind_prints_an_empty_object_of_it()
    {
        foreach (var kind in ServedKinds.All)
        {
            var table = ObjectForms.Table(kind, [[]], null, "v1", RowObject.None, Now);
            Assert.Equal(table["columnDefinitions"]!.AsArray().Count, table["rows"]![0]!["cells"]!.AsArray().Count);
        }
    }

    [Fact]
    public void Rows_carry_metadata_unless_asked_otherwise()
    {
        var kind = Kind("v1", "Pod");
        var pod = JsonNode.Parse("""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"7"},"spec":{}}""")!.AsObject();

        Assert.Equal("""{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1beta1","metadata":{"name":"a","resourceVersion":"7"}}""",
            ObjectForms.Row(kind, pod, "v1beta1", RowObject.Metadata, Now)["rows"]![0]!["object"]!.ToJsonString());
        Assert.Equal("Pod", ObjectForms.Row(kind, pod, "v1", RowObject.Object, Now)["rows"]![0]!["object"]!["kind"]!.GetValue<string>());
        Assert.Null(ObjectForms.Row(kind, pod, "v1", RowObject.None, Now)["rows"]![0]!["object"]);
        Assert.Empty(ObjectForms.Row(kind, pod, "v1", RowObject.None, Now, headers: false)["columnDefinitions"]!.AsArray());
        Assert.Equal("7", ObjectForms.Row(kind, pod, "v1", RowObject.None, Now)["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("application/json", "Whole", "v1")]
    [InlineData("*/*", "Whole", "v1")]
    [InlineData("", "Whole", "v1")]
    [InlineData("application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "Table", "v1")]
    [InlineData("application/json;as=Table;v=v1beta1;g=meta.k8s.io, application/json", "Table", "v1beta1")]
    [InlineData("application/json;as=Table;v=v9;g=meta.k8s.io,application/json", "Whole", "v1")]
    [InlineData("application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "Metadata", "v1")]
    public void The_accept_header_chooses_the_form(string accept, string form, string version)
    {
        var chosen = Representation.Choose(accept);
        Assert.Equal((form, version), (chosen.Form.ToString(), chosen.Version));
    }

    private static string[] Row(string apiVersion, string kind, string value) =>
        [.. ObjectForms.Row(Kind(apiVersion, kind), JsonNode.Parse(value)!.AsObject(), "v1", RowObject.None, Now)["rows"]![0]!["cells"]!.AsArray()
            .Select(c => c!.ToString())];

    private static ServedKind Kind(string apiVersion, string kind) => ServedKinds.All.Single(k => k.Gvk == GroupVersionKind.Of(apiVersion, kind));
}
