namespace Margay.ApiServer.Tests.Rest;

public sealed class DefaultsAndPoolsTests(TestServer server)
{
    private const string Pools = "/apis/projectcalico.org/v3/ippools";

    private ApiClient Api => server.Client;

    [Fact]
    public async Task Defaults_are_stored_and_everything_wrong_is_named_at_once()
    {
        string space = await server.NamespaceAsync();
        string path = $"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies";
        Answer made = (await Api.PostAsync(path, """{"metadata":{"name":"p"},"spec":{"egress":[{"action":"Deny"}]}}""")).Expect(201);
        Assert.Equal("""["Egress"]""", made.Json["spec"]!["types"]!.ToJsonString());

        Answer refused = (await Api.PostAsync(path, """
            {"metadata":{"name":"a.b.c"},"spec":{"selector":"a = b","ingress":[{"action":"Allow","source":{"ports":[80],"nets":["10.0.0.1/8"]}}]}}
            """)).Expect(422, "Invalid");
        Assert.Equal(
            [
                "metadata.name: FieldValueInvalid", "spec.ingress[0].source.nets[0]: FieldValueInvalid",
                "spec.ingress[0].source.ports[0]: FieldValueInvalid", "spec.selector: FieldValueInvalid",
            ],
            refused.Causes.Order());
    }

    [Fact]
    public async Task Pools_keep_apart_and_keep_their_range()
    {
        string name = $"p-{Guid.NewGuid():N}";
        Answer made = (await Api.PostAsync(Pools, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"cidr":"10.250.0.0/16"}}""")).Expect(201);
        Assert.Equal(26, (int?)made.Json["spec"]!["blockSize"]);

        Answer overlaps = (await Api.PostAsync(Pools, """{"metadata":{"name":"other"},"spec":{"cidr":"10.250.4.0/24"}}""")).Expect(422, "Invalid");
        Assert.Contains($"overlaps with IPPool({name})", overlaps.Message, StringComparison.Ordinal);
        (await Api.PatchAsync($"{Pools}/{name}", """{"spec":{"cidr":"10.251.0.0/16"}}""")).Expect(422, "Invalid");
        (await Api.PatchAsync($"{Pools}/{name}", """{"spec":{"natOutgoing":true}}""")).Expect(200);
        (await Api.DeleteAsync($"{Pools}/{name}")).Expect(200);
    }

    [Fact]
    public async Task Sessions_name_filters_that_exist()
    {
        string name = $"f-{Guid.NewGuid():N}";
        string peer = $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"peerIP":"192.0.2.1","asNumber":64512,"filters":["{{{name}}}"]}}""";

        Answer refused = (await Api.PostAsync("/apis/projectcalico.org/v3/bgppeers", peer)).Expect(422, "Invalid");
        Assert.Equal(["spec.filters[0]: FieldValueNotFound"], refused.Causes);
        (await Api.PostAsync("/apis/projectcalico.org/v3/bgpfilters", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"exportV4":[{"action":"Accept"}]}}""")).Expect(201);
        (await Api.PostAsync("/apis/projectcalico.org/v3/bgppeers", peer)).Expect(201);
    }

    [Fact]
    public async Task A_refusal_says_what_would_mend_it()
    {
        Answer refused = (await Api.PostAsync("/apis/projectcalico.org/v3/globalnetworkpolicies", """
            {"metadata":{"name":"p"},"spec":{"ingress":[{"action":"Reject"},{"action":"Allow","source":{"nets":["10.0.0.1/8"]}}]}}
            """)).Expect(422, "Invalid");

        Assert.Contains("margay.io/extensions: \"true\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("has host bits set; write ", refused.Message, StringComparison.Ordinal);
    }
}
