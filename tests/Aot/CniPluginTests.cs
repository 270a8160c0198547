using System.Text.Json.Nodes;
using Xunit;

namespace Margay.Aot.Tests;

/// <summary>The CNI plugin in a root directory that holds nothing but itself, as on a host of any distribution.</summary>
public sealed class CniPluginTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("margay-aot-").FullName;

    public CniPluginTests() => File.Copy(Published.Find("Cni", "margay-cni"), Path.Combine(_root, "margay-cni"));

    [Fact]
    public void It_names_its_versions()
    {
        var (exit, output) = Call("""{"cniVersion":"0.4.0"}""", "VERSION");
        Assert.Equal((0, """{"cniVersion":"0.4.0","supportedVersions":["0.3.1","0.4.0","1.0.0","1.1.0"]}"""), (exit, output));
    }

    [Fact]
    public void It_explains_a_wrong_call()
    {
        var (exit, output) = Call("""{"cniVersion":"1.0.0","name":"x"}""", "ADD");
        var error = JsonNode.Parse(output)!;
        Assert.Equal((1, 4, "1.0.0"), (exit, (int)error["code"]!, (string)error["cniVersion"]!));
        Assert.NotNull(error["details"]);
    }

    [Fact]
    public void It_deletes_alone_twice_and_leaves_one_note()
    {
        for (int i = 0; i < 2; i++)
            Assert.Equal((0, ""), Call("""{"cniVersion":"1.1.0","name":"x"}""", "DEL", container: "abc"));
        Assert.Contains("\"abc\"", File.ReadAllText(Path.Combine(_root, "run", "margay", "cni", "deleted", "abc@eth0")), StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_that_the_service_is_away()
    {
        var (exit, output) = Call("""{"cniVersion":"1.1.0","name":"x"}""", "STATUS");
        Assert.Equal((1, 50), (exit, (int)JsonNode.Parse(output)!["code"]!));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private (int Exit, string Output) Call(string config, string verb, string container = "")
    {
        var variables = new Dictionary<string, string> { ["CNI_COMMAND"] = verb, ["CNI_CONTAINERID"] = container, ["CNI_IFNAME"] = "eth0" };
        return Published.RunWith(config, "chroot", variables, _root, "/margay-cni");
    }
}
