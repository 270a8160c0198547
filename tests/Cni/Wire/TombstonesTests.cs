using System.Text.Json;
using Margay.Cni.Protocol;
using Margay.Cni.Tests.Harness;
using Margay.Cni.Wire;
using Xunit;

namespace Margay.Cni.Tests.Wire;

public sealed class TombstonesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_note_is_listed_until_it_is_removed()
    {
        var tombstones = new Tombstones(_directory.Sub("deleted"));
        Assert.Empty(tombstones.List());
        tombstones.Write("abc", "eth0", Request("abc"));
        tombstones.Write("abc", "eth0", Request("abc"));
        tombstones.Write("abc", "eth1", Request("abc"));

        Assert.Equal(2, tombstones.List().Count());
        Assert.True(tombstones.Exists("abc", "eth0"));
        Assert.All(tombstones.List(), t => Assert.Equal("abc", t.Request!.Environment.ContainerId));
        tombstones.Remove("abc", "eth0");
        tombstones.Remove("abc", "eth0");
        Assert.False(tombstones.Exists("abc", "eth0"));
        Assert.Single(tombstones.List());
    }

    [Fact]
    public void A_note_that_is_half_written_is_not_seen_and_a_broken_one_is_kept()
    {
        var tombstones = new Tombstones(_directory.Path);
        File.WriteAllText(_directory.Sub(".1-abc@eth0"), "{");
        Assert.Empty(tombstones.List());
        File.WriteAllText(_directory.Sub("abc@eth0"), "{");
        Assert.Null(Assert.Single(tombstones.List()).Request);
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] Request(string container) => JsonSerializer.SerializeToUtf8Bytes(
        new CniWireRequest { Environment = new CniEnvironment { ContainerId = container }, Config = JsonElement.Parse("{}") }, CniWireJson.Default.CniWireRequest);
}
