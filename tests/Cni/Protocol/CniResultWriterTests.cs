using System.Text;
using System.Text.Json.Nodes;
using Margay.Cni.Protocol;
using Margay.Cni.Server;
using Margay.Cni.Wiring;
using Margay.Foundation.Primitives;
using Margay.Linux.Route;
using Xunit;

namespace Margay.Cni.Tests.Protocol;

public sealed class CniResultWriterTests
{
    private static readonly CniResult Result = PodResult.From(
        new PodWiringRequest
        {
            Mark = new AttachmentMark("abc", "eth0"),
            NetNs = "/run/netns/x",
            HostInterface = "cali0123456789a",
            Addresses = [IpAddr.Parse("10.65.0.7"), IpAddr.Parse("fd00::7")],
        },
        new PodWiringResult(5, "cali0123456789a", MacAddress.Parse("02:00:00:00:00:01"), 1500));

    [Theory]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    public void Old_versions_say_the_family_of_each_address(string version)
    {
        var json = Write(version);
        Assert.Equal(["4", "6"], json["ips"]!.AsArray().Select(ip => (string)ip!["version"]!));
        Assert.Null(json["interfaces"]![1]!["mtu"]);
    }

    [Fact]
    public void Version_1_has_neither_family_nor_mtu()
    {
        var json = Write("1.0.0");
        Assert.All(json["ips"]!.AsArray(), ip => Assert.Null(ip!["version"]));
        Assert.Null(json["interfaces"]![0]!["mtu"]);
    }

    [Fact]
    public void The_newest_version_is_written_whole()
    {
        string text = Encoding.UTF8.GetString(CniResultWriter.Write(Result, CniVersion.Newest));
        Assert.Equal(
            """
            {"cniVersion":"1.1.0","interfaces":[{"name":"cali0123456789a","mac":"ee:ee:ee:ee:ee:ee","mtu":1500},{"name":"eth0","mac":"02:00:00:00:00:01","mtu":1500,"sandbox":"/run/netns/x"}],"ips":[{"address":"10.65.0.7/32","gateway":"169.254.1.1","interface":1},{"address":"fd00::7/128","gateway":"fe80::ecee:eeff:feee:eeee","interface":1}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"},{"dst":"::/0","gw":"fe80::ecee:eeff:feee:eeee"}],"dns":{}}
            """,
            text);
    }

    [Fact]
    public void What_one_version_wrote_is_read_back_as_prevResult()
    {
        string config = $$"""{"cniVersion":"0.4.0","name":"x","prevResult":{{Write("0.4.0").ToJsonString()}}}""";
        Assert.Null(CniNetworkConfig.TryRead(Encoding.UTF8.GetBytes(config), out var read));
        Assert.Equal("10.65.0.7/32", read.PrevResult!.Ips![0].Address);
        Assert.Equal("/run/netns/x", read.PrevResult.Interfaces![1].Sandbox);
    }

    private static JsonNode Write(string version)
    {
        Assert.True(CniVersion.TryParse(version, out var parsed));
        var json = JsonNode.Parse(CniResultWriter.Write(Result, parsed))!;
        Assert.Equal(version, (string)json["cniVersion"]!);
        return json;
    }
}
