using System.Text.Json;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Registry;

public sealed class KindRegistryTests
{
    [Theory]
    [InlineData("gnp", "GlobalNetworkPolicy")]
    [InlineData("GlobalNetworkPolicies", "GlobalNetworkPolicy")]
    [InlineData("np", "NetworkPolicy")]
    [InlineData("cnp", "NetworkPolicy")]
    [InlineData("netsets", "NetworkSet")]
    [InlineData("gns", "GlobalNetworkSet")]
    [InlineData("ipp", "IPPool")]
    [InlineData("hep", "HostEndpoint")]
    [InlineData("po", "Pod")]
    [InlineData("NS", "Namespace")]
    [InlineData("svc", "Service")]
    [InlineData("ep", "Endpoints")]
    [InlineData("no", "Node")]
    [InlineData("sa", "ServiceAccount")]
    [InlineData("felixconfig", "FelixConfiguration")]
    public void Kinds_are_found_by_the_names_people_use(string name, string kind) =>
        Assert.Equal(kind, KindRegistry.FindByAlias(name)?.Kind);

    [Fact]
    public void The_two_network_policies_are_told_apart()
    {
        Assert.Equal("projectcalico.org", KindRegistry.FindByAlias("networkpolicy")?.Group);
        Assert.Equal("networking.k8s.io", KindRegistry.FindByAlias("netpol")?.Group);
        Assert.Equal("networking.k8s.io", KindRegistry.FindByAlias("networkpolicies.networking.k8s.io")?.Group);
        Assert.Equal("networking.k8s.io", KindRegistry.FindByAlias("networkpolicies.v1.networking.k8s.io")?.Group);
        Assert.Equal("projectcalico.org", KindRegistry.Of<NetworkPolicy>().Group);
        Assert.Null(KindRegistry.FindByAlias("networkpolicies.example.org"));
        Assert.Null(KindRegistry.FindByAlias("deployments"));
    }

    [Fact]
    public void A_new_object_of_every_kind_says_what_it_is()
    {
        foreach (var kind in KindRegistry.All.Where(kind => kind.Served))
        {
            var value = kind.Read("{}"u8);

            Assert.Equal((kind.ApiVersion, kind.Kind), (value.ApiVersion, value.Kind));
            Assert.Same(kind, KindRegistry.Find(value.ApiVersion, value.Kind));
            Assert.Same(kind, KindRegistry.FindResource(kind.Group, kind.Plural));
        }
    }

    [Fact]
    public void No_name_means_two_kinds_except_network_policies()
    {
        var twice = KindRegistry.All.Where(kind => kind.Served)
            .SelectMany(kind => new[] { kind.Plural, kind.Singular }.Concat(kind.ShortNames).Concat(kind.Aliases).Distinct())
            .GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);

        Assert.Equal(["cnp", "networkpolicies", "networkpolicy"], twice.Order());
    }

    [Fact]
    public void Paths_are_those_of_the_kubernetes_api()
    {
        Assert.Equal("/api/v1/namespaces/a/pods/b/status", KindRegistry.Of<Pod>().Path("a", "b", "status"));
        Assert.Equal("/api/v1/pods", KindRegistry.Of<Pod>().Path(null));
        Assert.Equal("/apis/projectcalico.org/v3/tiers/default", KindRegistry.Of<Tier>().Path("ignored", "default"));
        Assert.Equal("/api/v1/namespaces/a", KindRegistry.Of<Namespace>().Path(null, "a"));
    }

    [Fact]
    public void A_copy_shares_nothing_with_its_original()
    {
        var policy = new NetworkPolicy { Spec = { Ingress = [new Rule { Action = "Allow" }] } };

        var copy = (NetworkPolicy)KindRegistry.Of<NetworkPolicy>().Clone(policy);
        copy.Spec.Ingress![0].Action = "Deny";

        Assert.Equal("Allow", policy.Spec.Ingress[0].Action);
    }

    [Fact]
    public void Null_is_no_object() => Assert.Throws<JsonException>(() => KindRegistry.Of<Pod>().Read("null"u8));
}
