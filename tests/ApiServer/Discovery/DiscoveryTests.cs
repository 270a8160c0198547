using System.Text.Json.Nodes;
using Margay.ApiServer.Discovery;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Discovery;

public sealed class DiscoveryTests
{
    private static readonly DiscoveryDocuments Documents = new(ServedKinds.All);

    [Fact]
    public void Groups_of_Kubernetes_come_first_so_that_their_names_win()
    {
        var groups = JsonNode.Parse(Documents.Plain("/apis"))!["groups"]!.AsArray().Select(g => g!["name"]!.GetValue<string>()).ToList();
        Assert.True(groups.IndexOf("networking.k8s.io") < groups.IndexOf("projectcalico.org"));
    }

    [Fact]
    public void A_kind_with_status_has_the_subresource()
    {
        var resources = JsonNode.Parse(Documents.Plain("/apis/projectcalico.org/v3"))!["resources"]!.AsArray();
        Assert.Contains(resources, r => r!["name"]!.GetValue<string>() == "tiers/status");
        Assert.DoesNotContain(resources, r => r!["name"]!.GetValue<string>() == "globalnetworkpolicies/status");
    }

    [Fact]
    public void The_aggregated_forms_tell_the_same_kinds_as_the_plain_ones()
    {
        foreach (var form in AggregatedForm.All)
        {
            var aggregated = new[] { "/api", "/apis" }
                .SelectMany(path => JsonNode.Parse(Documents.Aggregated(path, form))!["items"]!.AsArray())
                .SelectMany(group => group!["versions"]!.AsArray())
                .SelectMany(version => version!["resources"]!.AsArray())
                .Select(r => r!["responseKind"]!.ToJsonString());
            Assert.Equal(ServedKinds.All.Count, aggregated.Distinct().Count());
        }
    }

    [Theory]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json", "v2")]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json", "v2beta1")]
    [InlineData("application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList,application/json", null)]
    [InlineData("application/json, */*", null)]
    public void The_accept_header_chooses_the_aggregated_form(string accept, string? version) =>
        Assert.Equal(version, AggregatedForm.Choose(accept)?.Version);
}
