using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Schema;

public sealed class TypeCheckTests
{
    [Fact]
    public void A_complete_pod_has_no_errors()
    {
        Assert.Empty(Check("v1", "Pod", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","creationTimestamp":null,"labels":{"x":"y"}},
             "spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":1,"memory":"1Gi"}},
               "livenessProbe":{"httpGet":{"port":"http"}},"readinessProbe":{"tcpSocket":{"port":80}}}]}}
            """));
    }

    [Fact]
    public void Every_error_is_reported_with_its_path_and_value()
    {
        var errors = Check("v1", "Pod", """
            {"metadata":{"labels":{"a":1}},"spec":{"hostNetwork":"yes","containers":[{"image":5,"ports":[{"containerPort":"80"}]},"x"],
             "nodeSelector":[]}}
            """);

        Assert.Equal(
        [
            "metadata.labels.a: Invalid value: \"integer\": metadata.labels.a in body must be of type string: \"integer\"",
            "spec.hostNetwork: Invalid value: \"string\": spec.hostNetwork in body must be of type boolean: \"string\"",
            "spec.containers[0].image: Invalid value: \"integer\": spec.containers[0].image in body must be of type string: \"integer\"",
            "spec.containers[0].ports[0].containerPort: Invalid value: \"string\": spec.containers[0].ports[0].containerPort in body must be of type integer: \"string\"",
            "spec.containers[0].name: Required value",
            "spec.containers[1]: Invalid value: \"string\": spec.containers[1] in body must be of type object: \"string\"",
            "spec.nodeSelector: Invalid value: \"array\": spec.nodeSelector in body must be of type object: \"array\"",
        ], errors.Select(e => e.ToString()));
    }

    [Fact]
    public void Whole_numbers_may_be_written_with_a_fraction_of_zero()
    {
        Assert.Empty(Check("v1", "Service", """{"spec":{"ports":[{"port":80.0}]}}"""));
        Assert.Single(Check("v1", "Service", """{"spec":{"ports":[{"port":80.5}]}}"""));
    }

    [Fact]
    public void Ports_and_protocols_of_our_rules_are_numbers_or_strings()
    {
        Assert.Empty(Check("projectcalico.org/v3", "GlobalNetworkPolicy", """
            {"spec":{"order":10.5,"ingress":[{"action":"Allow","protocol":"TCP","destination":{"ports":[80,"8000:8100","http"]}},{"action":"Deny","protocol":17}]}}
            """));
        var error = Assert.Single(Check("projectcalico.org/v3", "GlobalNetworkPolicy", """{"spec":{"ingress":[{"protocol":true}]}}"""));
        Assert.Equal("spec.ingress[0].protocol", error.Field);
    }

    [Fact]
    public void Free_addresses_of_a_block_are_null()
    {
        Assert.Empty(Check("projectcalico.org/v3", "IPAMBlock", """{"spec":{"cidr":"10.0.0.0/26","allocations":[null,0,null]}}"""));
    }

    private static IReadOnlyList<FieldError> Check(string apiVersion, string kind, string json) =>
        TypeCheck.Check(JsonNode.Parse(json)!.AsObject(), ServedKinds.Catalog.Value.Find(apiVersion, kind)!);
}
