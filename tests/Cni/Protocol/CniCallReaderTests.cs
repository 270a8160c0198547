using System.Text;
using Margay.Cni.Protocol;
using Xunit;

namespace Margay.Cni.Tests.Protocol;

public sealed class CniCallReaderTests
{
    private static readonly CniEnvironment Add = new() { Command = "ADD", ContainerId = "abc", NetNs = "/run/netns/x", IfName = "eth0", Args = "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart-1;K8S_POD_UID=u-1" };

    [Fact]
    public void A_whole_call_is_read()
    {
        var error = Read(Add, """
            {"cniVersion":"1.0.0","name":"margay","type":"margay-cni","mtu":1400,"nodename":"node1","socket":"/tmp/s","ipam":{"type":"margay","ipv4_pools":["p"]},
             "capabilities":{"ips":true},"runtimeConfig":{"ips":["10.0.0.1/32"],"mac":"02:00:00:00:00:01","portMappings":[{"hostPort":80,"containerPort":8080,"protocol":"tcp"}],
             "bandwidth":{"ingressRate":1000,"ingressBurst":2000}},"unknown":{"key":[1]}}
            """, out var call);
        Assert.Null(error);
        Assert.NotNull(call);
        Assert.Equal((CniVerb.Add, "1.0.0", new CniPod("shop", "cart-1", "u-1")), (call.Verb, call.Version.ToString(), call.Pod!));
        var config = call.Config;
        Assert.Equal((1400, "node1", "/tmp/s"), (config.Mtu, config.NodeName, config.Socket));
        Assert.Equal(["p"], config.Ipam!.Ipv4Pools!);
        Assert.Equal(["10.0.0.1/32"], config.RuntimeConfig!.Ips!);
        Assert.Equal(8080, Assert.Single(config.RuntimeConfig.PortMappings!).ContainerPort);
        Assert.Equal(1000ul, config.RuntimeConfig.Bandwidth!.IngressRate);
        Assert.Equal("1", call.Args["IgnoreUnknown"]);
    }

    [Theory]
    [InlineData("", CniErrorCode.Decode)]
    [InlineData("no json", CniErrorCode.Decode)]
    [InlineData("[]", CniErrorCode.Decode)]
    [InlineData("""{"name":"x"}""", CniErrorCode.IncompatibleVersion)]
    [InlineData("""{"cniVersion":"9.0.0","name":"x"}""", CniErrorCode.IncompatibleVersion)]
    [InlineData("""{"cniVersion":"one","name":"x"}""", CniErrorCode.IncompatibleVersion)]
    [InlineData("""{"cniVersion":"1.0.0"}""", CniErrorCode.InvalidNetworkConfig)]
    [InlineData("""{"cniVersion":"1.0.0","name":"x","mtu":12}""", CniErrorCode.InvalidNetworkConfig)]
    [InlineData("""{"cniVersion":"1.0.0","name":"x","runtimeConfig":{"mac":"01:00:5e:00:00:01"}}""", CniErrorCode.InvalidNetworkConfig)]
    [InlineData("""{"cniVersion":"1.0.0","name":"x","runtimeConfig":{"mac":"nonsense"}}""", CniErrorCode.InvalidNetworkConfig)]
    [InlineData("""{"cniVersion":"1.0.0","name":"x","prevResult":{"ips":[]}}""", CniErrorCode.InvalidNetworkConfig)]
    public void A_wrong_configuration_has_its_code(string config, int code)
    {
        var error = Read(Add, config, out var call);
        Assert.NotNull(error);
        Assert.Equal(code, error.Code);
        Assert.NotEmpty(error.Message);
        Assert.Null(call);
    }

    [Theory]
    [InlineData("CNI_CONTAINERID", "")]
    [InlineData("CNI_CONTAINERID", "../../etc/passwd")]
    [InlineData("CNI_CONTAINERID", "-abc")]
    [InlineData("CNI_IFNAME", "")]
    [InlineData("CNI_IFNAME", "..")]
    [InlineData("CNI_IFNAME", "a/b")]
    [InlineData("CNI_IFNAME", "name-of-16-bytes")]
    [InlineData("CNI_NETNS", "")]
    [InlineData("CNI_ARGS", "nonsense")]
    [InlineData("CNI_COMMAND", "add")]
    public void A_wrong_variable_is_named(string variable, string value)
    {
        var environment = variable switch
        {
            "CNI_CONTAINERID" => Add with { ContainerId = value },
            "CNI_IFNAME" => Add with { IfName = value },
            "CNI_NETNS" => Add with { NetNs = value },
            "CNI_ARGS" => Add with { Args = value },
            _ => Add with { Command = value },
        };
        var error = Read(environment, """{"cniVersion":"0.4.0","name":"x"}""", out _);
        Assert.NotNull(error);
        Assert.Equal(CniErrorCode.InvalidEnvironment, error.Code);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Del_needs_no_namespace() =>
        Assert.Null(Read(Add with { Command = "DEL", NetNs = "" }, """{"cniVersion":"0.3.1","name":"x"}""", out _));

    [Theory]
    [InlineData("CHECK", "0.3.1")]
    [InlineData("GC", "1.0.0")]
    [InlineData("STATUS", "1.0.0")]
    public void A_verb_that_a_version_lacks_is_refused_in_that_version(string verb, string version)
    {
        var error = Read(Add with { Command = verb }, $$"""{"cniVersion":"{{version}}","name":"x"}""", out _);
        Assert.Equal((CniErrorCode.IncompatibleVersion, version), (error!.Code, error.CniVersion));
    }

    [Theory]
    [InlineData("cni.dev/valid-attachments")]
    [InlineData("cni.dev/attachments")]
    public void Gc_reads_the_list_under_both_keys(string key)
    {
        var error = Read(new CniEnvironment { Command = "GC" }, $$"""{"cniVersion":"1.1.0","name":"x","{{key}}":[{"containerID":"c1","ifname":"eth0"}]}""", out var call);
        Assert.Null(error);
        Assert.Equal([("c1", "eth0")], call!.ValidAttachments);
    }

    [Fact]
    public void Gc_without_a_list_would_remove_everything_and_is_refused() =>
        Assert.Equal(CniErrorCode.InvalidNetworkConfig, Read(new CniEnvironment { Command = "GC" }, """{"cniVersion":"1.1.0","name":"x"}""", out _)!.Code);

    private static CniError? Read(CniEnvironment environment, string json, out CniCall? call)
    {
        call = null;
        return CniNetworkConfig.TryRead(Encoding.UTF8.GetBytes(json), out var config) ?? CniCallReader.TryRead(environment, config, out call);
    }
}
