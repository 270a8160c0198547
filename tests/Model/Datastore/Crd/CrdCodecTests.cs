using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Margay.Model.Datastore.Crd;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Datastore.Crd;

public sealed class CrdCodecTests
{
    [Fact]
    public void Every_stored_kind_has_the_plural_and_scope_of_its_api_kind_but_for_the_one_that_is_renamed()
    {
        Assert.Equal(23 - 1, CrdKinds.All.Length);
        foreach (var kind in CrdKinds.All)
        {
            Assert.Equal(kind.Api.Namespaced, kind.Stored.Namespaced);
            if (kind.Api.Kind == "IPAMConfiguration")
                Assert.Equal(("IPAMConfig", "ipamconfigs"), (kind.Stored.Kind, kind.Stored.Plural));
            else
                Assert.Equal((kind.Api.Kind, kind.Api.Plural), (kind.Stored.Kind, kind.Stored.Plural));
        }
    }

    [Fact]
    public void Metadata_goes_into_the_annotation_and_what_Kubernetes_must_know_stays_outside()
    {
        var stored = Stored("""
            {"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkSet","metadata":{"name":"blocked","uid":"0b2c9d1e-8f3a-4c5d-9e6f-112233445566",
             "resourceVersion":"77","creationTimestamp":"2025-01-02T03:04:05Z","generation":3,"labels":{"kind":"feed","projectcalico.org/own":"yes"},
             "annotations":{"note":"x","projectcalico.org/mark":"1"},"finalizers":["hold"]},"spec":{"nets":["192.0.2.0/24"]}}
            """);

        Assert.Equal("crd.projectcalico.org/v1", stored["apiVersion"]!.ToString());
        var metadata = (JsonObject)stored["metadata"]!;
        Assert.Equal(["annotations", "labels", "name", "resourceVersion", "uid"], metadata.Select(f => f.Key).Order());
        Assert.Equal("""{"projectcalico.org/own":"yes"}""", metadata["labels"]!.ToJsonString());
        var annotations = (JsonObject)metadata["annotations"]!;
        Assert.Equal("1", annotations["projectcalico.org/mark"]!.ToString());
        Assert.Null(annotations["note"]);
        var inside = (JsonObject)JsonNode.Parse(annotations["projectcalico.org/metadata"]!.ToString())!;
        Assert.Null(inside["name"]);
        Assert.Equal("2025-01-02T03:04:05Z", inside["creationTimestamp"]!.ToString());
        Assert.Equal("feed", inside["labels"]!["kind"]!.ToString());
        Assert.Equal("hold", inside["finalizers"]![0]!.ToString());
    }

    [Fact]
    public void Policies_keep_their_name_in_the_annotation()
    {
        var stored = Stored("""{"apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy","metadata":{"name":"p","namespace":"shop"},"spec":{"tier":"default"}}""");
        var inside = JsonNode.Parse(stored["metadata"]!["annotations"]!["projectcalico.org/metadata"]!.ToString())!;
        Assert.Equal("p", inside["name"]!.ToString());
        Assert.Null(inside["namespace"]);
        Assert.Equal("shop", stored["metadata"]!["namespace"]!.ToString());
    }

    [Theory]
    [InlineData("default.deny-all", "{}", "default", "deny-all")]
    [InlineData("default.deny-all", "{}", "", "deny-all")]
    [InlineData("deny-all", "{}", "default", "deny-all")]
    [InlineData("security.deny-all", "{}", "security", "security.deny-all")]
    [InlineData("default.deny-all", """{"name":"default.deny-all"}""", "default", "default.deny-all")]
    [InlineData("deny-all", """{"name":"deny-all"}""", "default", "deny-all")]
    public void Names_of_policies_are_read_as_every_release_wrote_them(string storedName, string annotation, string tier, string name)
    {
        var policy = Api(StoredPolicy(storedName, annotation, tier));
        Assert.Equal(name, policy["metadata"]!["name"]!.ToString());
    }

    [Fact]
    public void A_custom_resource_without_the_annotation_speaks_for_itself()
    {
        var policy = Api("""
            {"apiVersion":"crd.projectcalico.org/v1","kind":"GlobalNetworkPolicy","metadata":{"name":"default.by-hand","labels":{"a":"b"},
             "managedFields":[{"manager":"kubectl"}],"uid":"0b2c9d1e-8f3a-4c5d-9e6f-112233445566"},"spec":{"selector":"all()"}}
            """);
        Assert.Equal("default.by-hand", policy["metadata"]!["name"]!.ToString());
        Assert.Equal("b", policy["metadata"]!["labels"]!["a"]!.ToString());
        Assert.Null(policy["metadata"]!["managedFields"]);
        Assert.NotEqual("0b2c9d1e-8f3a-4c5d-9e6f-112233445566", policy["metadata"]!["uid"]!.ToString());
    }

    [Fact]
    public void A_broken_annotation_does_not_take_the_policy_out_of_force()
    {
        var policy = Api(StoredPolicy("deny-all", "{broken", "default"));
        Assert.Equal("deny-all", policy["metadata"]!["name"]!.ToString());
        Assert.Equal("default", policy["spec"]!["tier"]!.ToString());
    }

    [Fact]
    public void A_uid_is_turned_bit_by_bit_and_keeps_its_version()
    {
        // The example follows from the rule: 0x0b is 0b00001011, reversed 0b11010000.
        Assert.Equal("d034b978-f15c-4cba-9e f6-8844cc22aa66".Replace(" ", "", StringComparison.Ordinal), CrdUid.Convert("0b2c9d1e-8f3a-4c5d-9e6f-112233445566"));
        Gen.Guid.Sample(uid => Assert.Equal(uid.ToString("D"), CrdUid.Convert(CrdUid.Convert(uid.ToString("D")))));
    }

    [Fact]
    public void Owners_are_translated_both_ways()
    {
        const string Uid = "0b2c9d1e-8f3a-4c5d-9e6f-112233445566";
        var stored = Stored($$"""
            {"apiVersion":"projectcalico.org/v3","kind":"NetworkSet","metadata":{"name":"s","namespace":"n","ownerReferences":[
             {"apiVersion":"projectcalico.org/v3","kind":"Tier","name":"t","uid":"{{Uid}}"},{"apiVersion":"v1","kind":"Pod","name":"p","uid":"{{Uid}}"} ]},"spec":{} }
            """);
        var inside = JsonNode.Parse(stored["metadata"]!["annotations"]!["projectcalico.org/metadata"]!.ToString())!;
        Assert.Equal("crd.projectcalico.org/v1", inside["ownerReferences"]![0]!["apiVersion"]!.ToString());
        Assert.Equal(CrdUid.Convert(Uid), inside["ownerReferences"]![0]!["uid"]!.ToString());
        Assert.Equal(Uid, inside["ownerReferences"]![1]!["uid"]!.ToString());
        CrdCodec.ToApi(CrdKinds.FindStored("crd.projectcalico.org/v1", "NetworkSet")!, stored);
        Assert.Equal(Uid, stored["metadata"]!["ownerReferences"]![0]!["uid"]!.ToString());
    }

    [Theory]
    [InlineData("\"true\"", true)]
    [InlineData("\"false\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("true", true)]
    public void A_claims_mark_of_deletion_is_a_text_in_storage(string stored, bool deleted)
    {
        var claim = Api($$"""
            {"apiVersion":"crd.projectcalico.org/v1","kind":"BlockAffinity","metadata":{"name":"node-1-10-0-0-0-26"},
             "spec":{"state":"confirmed","node":"node-1","cidr":"10.0.0.0/26","deleted":{{stored}} } }
            """);
        Assert.Equal(deleted, claim["spec"]!["deleted"]!.GetValue<bool>());
        CrdCodec.ToStored(CrdKinds.Find(KindRegistry.Of<BlockAffinity>())!, claim);
        Assert.Equal(deleted ? "true" : "false", claim["spec"]!["deleted"]!.GetValue<string>());
    }

    [Fact]
    public void Claims_of_older_releases_get_the_labels_that_a_node_looks_for()
    {
        var claim = Api("""
            {"apiVersion":"crd.projectcalico.org/v1","kind":"BlockAffinity","metadata":{"name":"n-10-0-0-0-26"},
             "spec":{"state":"confirmed","node":"n","cidr":"10.0.0.0/26","deleted":"false"}}
            """);
        var labels = claim["metadata"]!["labels"]!;
        Assert.Equal(BlockAffinityLabels.HashOfHost("n"), labels[BlockAffinity.HostnameHashLabel]!.ToString());
        Assert.Equal("host", labels[BlockAffinity.AffinityTypeLabel]!.ToString());
        Assert.Equal("4", labels[BlockAffinity.IPVersionLabel]!.ToString());
    }

    [Fact]
    public void A_tier_without_order_stands_where_the_default_tier_stands()
    {
        var tier = Api("""{"apiVersion":"crd.projectcalico.org/v1","kind":"Tier","metadata":{"name":"old"},"spec":{}}""");
        Assert.Equal(1_000_000, tier["spec"]!["order"]!.GetValue<double>());
        Assert.Equal("Deny", tier["spec"]!["defaultAction"]!.ToString());
    }

    [Fact]
    public void What_is_stored_is_read_back_as_it_was()
    {
        var text = Gen.String[Gen.Char.AlphaNumeric, 1, 12];
        var map = Gen.Dictionary(Gen.Select(OneOf("", "projectcalico.org/", "example.com/"), text, (prefix, key) => prefix + key), text)[0, 4];
        var metadata = Gen.Select(text, map, map, Gen.Guid, Gen.Int[1, 1 << 30], Gen.Bool).Select((name, labels, annotations, uid, version, finalized) => new ObjectMeta
        {
            Name = name, Labels = labels.Count == 0 ? null : labels, Annotations = annotations.Count == 0 ? null : annotations, Uid = uid.ToString("D"),
            ResourceVersion = $"{version}", CreationTimestamp = "2025-01-02T03:04:05Z", Finalizers = finalized ? ["a", "b"] : null,
        });
        Gen.Select(OneOf([.. CrdKinds.All]), metadata).Sample((kind, meta) =>
        {
            var value = kind.Api.Read("""{"spec":{}}"""u8);
            value.Metadata = meta;
            if (kind.Api.Namespaced)
                meta.Namespace = "shop";
            (value.ApiVersion, value.Kind) = (kind.Api.ApiVersion, kind.Api.Kind);
            if (value is Tier tier)
                tier.Spec = new() { Order = 5, DefaultAction = "Pass" };
            if (value is BlockAffinity claim)
            {
                meta.Labels = new()
                {
                    [BlockAffinity.HostnameHashLabel] = "h", [BlockAffinity.AffinityTypeLabel] = "host", [BlockAffinity.IPVersionLabel] = "6",
                };
                claim.Spec.Deleted = true;
            }

            var back = CrdCodec.ToApi(kind, CrdCodec.ToStored(kind, value));
            Assert.Equal(JsonSerializer.SerializeToNode(value, kind.Api.TypeInfo)!.ToJsonString(), Ordered(JsonSerializer.SerializeToNode(back, kind.Api.TypeInfo)!.ToJsonString(), value, kind));
        });
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // Maps have no order; the comparison of texts wants one.
    private static string Ordered(string text, Resource like, CrdKind kind)
    {
        var (expected, found) = (JsonSerializer.SerializeToNode(like, kind.Api.TypeInfo), JsonNode.Parse(text));
        return JsonNode.DeepEquals(expected, found) ? expected!.ToJsonString() : text;
    }

    private static string StoredPolicy(string name, string annotation, string tier) =>
        new JsonObject
        {
            ["apiVersion"] = "crd.projectcalico.org/v1",
            ["kind"] = "GlobalNetworkPolicy",
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { ["projectcalico.org/metadata"] = annotation } },
            ["spec"] = tier.Length == 0 ? new JsonObject() : new JsonObject { ["tier"] = tier },
        }.ToJsonString();

    private static JsonObject Stored(string json)
    {
        var document = (JsonObject)JsonNode.Parse(json)!;
        CrdCodec.ToStored(CrdKinds.Find(KindRegistry.Find(document["apiVersion"]!.ToString(), document["kind"]!.ToString())!)!, document);
        return document;
    }

    private static JsonObject Api(string json)
    {
        var document = (JsonObject)JsonNode.Parse(json)!;
        CrdCodec.ToApi(CrdKinds.FindStored(document["apiVersion"]!.ToString(), document["kind"]!.ToString())!, document);
        return document;
    }
}
