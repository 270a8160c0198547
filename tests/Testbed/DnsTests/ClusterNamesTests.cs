using Margay.Testbed.Dns.Names;
using Margay.Testbed.Dns.Wire;
using Xunit;

namespace Margay.Testbed.Dns.Tests;

public sealed class ClusterNamesTests
{
    [Theory]
    [InlineData("web.shop.svc.cluster.local", "A", "10.96.0.7")]
    [InlineData("web.shop.svc.cluster.local", "Aaaa", "fd00:10:96::7")]
    [InlineData("web.shop.svc.cluster.local", "Srv", "80 web.shop.svc.cluster.local")]
    [InlineData("_http._tcp.web.shop.svc.cluster.local", "Srv", "80 web.shop.svc.cluster.local")]
    [InlineData("db.shop.svc.cluster.local", "A", "10.244.1.7, 10.244.2.8")]
    [InlineData("db-0.db.shop.svc.cluster.local", "A", "10.244.1.7")]
    [InlineData("db-0.db.shop.svc.cluster.local", "Aaaa", "fd00::9")]
    [InlineData("10-244-2-8.db.shop.svc.cluster.local", "A", "10.244.2.8")]
    [InlineData("_sql._tcp.db.shop.svc.cluster.local", "Srv",
        "5432 db-0.db.shop.svc.cluster.local, 5432 10-244-2-8.db.shop.svc.cluster.local, 5432 db-0.db.shop.svc.cluster.local")]
    [InlineData("away.shop.svc.cluster.local", "A", "= foo.example.com")]
    [InlineData("away.shop.svc.cluster.local", "Cname", "= foo.example.com")]
    [InlineData("alias.shop.svc.cluster.local", "A", "= web.shop.svc.cluster.local, 10.96.0.7")]
    [InlineData("10-244-9-9.shop.pod.cluster.local", "A", "10.244.9.9")]
    [InlineData("fd00--9.shop.pod.cluster.local", "Aaaa", "fd00::9")]
    [InlineData("7.0.96.10.in-addr.arpa", "Ptr", "web.shop.svc.cluster.local")]
    [InlineData("7.1.244.10.in-addr.arpa", "Ptr", "db-0.db.shop.svc.cluster.local")]
    [InlineData("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa", "Ptr", "web.shop.svc.cluster.local")]
    [InlineData("dns-version.cluster.local", "Txt", "\"1.1.0\"")]
    public void A_name_means_what_Kubernetes_says(string name, string type, string expected)
    {
        var answer = Ask(name, Enum.Parse<RecordType>(type));

        Assert.Equal(ResponseCode.NoError, answer.Code);
        Assert.Equal(expected, string.Join(", ", answer.Records.Select(Show)));
    }

    [Theory]
    [InlineData("none.shop.svc.cluster.local")]
    [InlineData("web.other.svc.cluster.local")]
    [InlineData("other.svc.cluster.local")]
    [InlineData("host.web.shop.svc.cluster.local")]
    [InlineData("db-1.db.shop.svc.cluster.local")]
    [InlineData("_http._udp.web.shop.svc.cluster.local")]
    [InlineData("10-244-9.shop.pod.cluster.local")]
    [InlineData("8.8.8.8.in-addr.arpa")]
    [InlineData("8.10.in-addr.arpa")]
    [InlineData("example.com")]
    [InlineData("web.shop.cluster.local")]
    [InlineData("")]
    public void What_the_cluster_does_not_have_has_no_name(string name) => Assert.Equal(DnsAnswer.NoSuchName, Ask(name, RecordType.A));

    [Theory]
    [InlineData("cluster.local", "A")]
    [InlineData("svc.cluster.local", "A")]
    [InlineData("shop.svc.cluster.local", "A")]
    [InlineData("web.shop.svc.cluster.local", "Txt")]
    [InlineData("10-244-2-8.db.shop.svc.cluster.local", "Aaaa")]
    [InlineData("_http._tcp.web.shop.svc.cluster.local", "A")]
    public void A_name_that_exists_with_another_type_is_not_denied(string name, string type)
    {
        var answer = Ask(name, Enum.Parse<RecordType>(type));

        Assert.Equal(ResponseCode.NoError, answer.Code);
        Assert.Empty(answer.Records);
    }

    [Fact]
    public void An_alias_of_itself_ends() => Assert.NotEmpty(Ask("loop.shop.svc.cluster.local", RecordType.A).Records);

    private static DnsAnswer Ask(string name, RecordType type) => new ClusterNames(new KnownCluster()).Answer(name, type);

    private static string Show(DnsRecord record) => record switch
    {
        AddressRecord address => $"{address.Address}",
        AliasRecord alias => $"= {alias.Target}",
        PortRecord port => $"{port.Port} {port.Target}",
        PointerRecord pointer => pointer.Target,
        TextRecord text => $"\"{text.Text}\"",
        _ => record.ToString(),
    };
}
