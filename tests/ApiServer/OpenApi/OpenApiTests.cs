using System.Text.Json.Nodes;
using Google.Protobuf;
using Margay.ApiServer.OpenApi;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.OpenApi;

public sealed class OpenApiTests
{
    private static readonly OpenApiDocuments Documents = new(ServedKinds.All, ServedKinds.Catalog, "v1.0.0");
    private static readonly JsonObject V2 = JsonNode.Parse(Documents.V2Json.Bytes)!.AsObject();

    [Fact]
    public void Every_reference_leads_to_a_definition()
    {
        var definitions = V2["definitions"]!.AsObject();
        Assert.All(References(V2), reference => Assert.True(definitions.ContainsKey(reference["#/definitions/".Length..]), reference));
        foreach (var group in ServedKinds.All.Select(k => k.GroupPath[1..]).Distinct())
        {
            var document = JsonNode.Parse(Documents.V3(group)!.Bytes)!;
            var schemas = document["components"]!["schemas"]!.AsObject();
            Assert.All(References(document), reference => Assert.True(schemas.ContainsKey(reference["#/components/schemas/".Length..]), reference));
        }
    }

    [Fact]
    public void No_two_operations_have_one_name()
    {
        var ids = V2["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Where(o => o.Key != "parameters"))
            .Select(o => o.Value!["operationId"]!.GetValue<string>()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Writing_operations_declare_what_kubectl_looks_for()
    {
        var patch = V2["paths"]!["/apis/projectcalico.org/v3/tiers/{name}"]!["patch"]!;
        var names = patch["parameters"]!.AsArray().Select(p => p!["name"]!.GetValue<string>());
        Assert.Equal(["body", "dryRun", "fieldManager", "fieldValidation", "force"], names);
        Assert.Equal("Tier", patch["x-kubernetes-group-version-kind"]!["kind"]!.GetValue<string>());
        Assert.Equal("patch", patch["x-kubernetes-action"]!.GetValue<string>());
    }

    [Fact]
    public void The_protobuf_form_holds_every_path_and_definition()
    {
        var (paths, definitions) = (0, 0);
        var document = new CodedInputStream(Documents.V2Protobuf.Bytes);
        while (document.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 8: paths = Count(document.ReadBytes()); break;
                case 9: definitions = Count(document.ReadBytes()); break;
                default: document.SkipLastField(); break;
            }
        }

        Assert.Equal(V2["paths"]!.AsObject().Count, paths);
        Assert.Equal(V2["definitions"]!.AsObject().Count, definitions);
    }

    [Fact]
    public void The_index_names_documents_by_their_content()
    {
        var index = JsonNode.Parse(Documents.V3Index.Bytes)!["paths"]!.AsObject();
        Assert.Equal(
            $"/openapi/v3/apis/projectcalico.org/v3?hash={Documents.V3("apis/projectcalico.org/v3")!.Hash}",
            index["apis/projectcalico.org/v3"]!["serverRelativeURL"]!.GetValue<string>());
        Assert.Null(Documents.V3("apis/nobody"));
    }

    private static int Count(ByteString message)
    {
        var input = message.CreateCodedInput();
        int count = 0;
        while (input.ReadTag() != 0)
        {
            input.SkipLastField();
            count++;
        }

        return count;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == "$ref" ? [p.Value!.GetValue<string>()] : References(p.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
