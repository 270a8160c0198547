using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Schema;

public sealed class UnknownFieldsTests
{
    [Fact]
    public void Unknown_fields_are_removed_and_named()
    {
        var pod = JsonNode.Parse("""
            {"apiVersion":"v1","kind":"Pod","extra":1,"metadata":{"labels":{"any.key/x":"y"},"annotationz":{}},
             "spec":{"containers":[{"name":"c","imag":"x"},{"name":"d"}],"Containers":[]}}
            """)!.AsObject();

        var removed = UnknownFields.Prune(pod, ServedKinds.Catalog.Value.Find("v1", "Pod")!);

        Assert.Equal(["extra", "metadata.annotationz", "spec.containers[0].imag", "spec.Containers"], removed);
        Assert.Equal("""{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"any.key/x":"y"}},"spec":{"containers":[{"name":"c"},{"name":"d"}]}}""", pod.ToJsonString());
    }

    [Fact]
    public void What_managers_own_is_kept_whatever_it_is()
    {
        const string Text = """{"metadata":{"managedFields":[{"manager":"kubectl","fieldsV1":{"f:metadata":{"f:labels":{".":{}}}}}]}}""";
        var pod = JsonNode.Parse(Text)!.AsObject();

        Assert.Empty(UnknownFields.Prune(pod, ServedKinds.Catalog.Value.Find("v1", "Pod")!));
        Assert.Equal(Text, pod.ToJsonString());
    }

    [Fact]
    public void A_misspelt_field_of_a_rule_is_found()
    {
        var policy = JsonNode.Parse("""{"spec":{"ingress":[{"action":"Allow","sourc":{}},{"action":"Deny","destination":{"net":["10.0.0.0/8"]}}]}}""")!.AsObject();

        var removed = UnknownFields.Prune(policy, ServedKinds.Catalog.Value.Find("projectcalico.org/v3", "NetworkPolicy")!);

        Assert.Equal(["spec.ingress[0].sourc", "spec.ingress[1].destination.net"], removed);
    }
}
