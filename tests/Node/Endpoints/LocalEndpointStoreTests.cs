using Margay.Cni.Wiring;
using Margay.Node.Endpoints;
using Xunit;

namespace Margay.Node.Tests.Endpoints;

public sealed class LocalEndpointStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("margay-endpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_put_is_there_after_a_restart()
    {
        var record = Record("c1", "10.0.0.1");
        Opened().Put(record);

        var found = Opened().Find(new AttachmentMark("c1", "eth0"));

        Assert.NotNull(found);
        Assert.Equal(["10.0.0.1", "fd00::1"], found.Addresses);
        Assert.Equal("calic1", found.ToLocalEndpoint().HostInterface);
    }

    [Fact]
    public void What_was_removed_is_gone_after_a_restart_and_may_be_removed_twice()
    {
        var store = Opened();
        store.Put(Record("c1", "10.0.0.1"));
        store.Remove(new AttachmentMark("c1", "eth0"));
        store.Remove(new AttachmentMark("c1", "eth0"));

        Assert.Empty(Opened().All);
    }

    [Fact]
    public void A_write_that_was_interrupted_leaves_what_was_before()
    {
        Opened().Put(Record("c1", "10.0.0.1"));
        File.WriteAllText(Path.Combine(_folder, "c1.eth0.json.tmp"), "{\"containerId\":");

        Assert.Equal("10.0.0.1", Assert.Single(Opened().All).Addresses[0]);
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));
    }

    [Fact]
    public void A_file_of_somebody_else_is_named_and_not_skipped()
    {
        File.WriteAllText(Path.Combine(_folder, "odd.eth0.json"), "hello");

        var refusal = Assert.Throws<InvalidDataException>(Opened);
        Assert.Contains("odd.eth0.json", refusal.Message, StringComparison.Ordinal);
    }

    private LocalEndpointStore Opened()
    {
        var store = new LocalEndpointStore(_folder);
        store.Load();
        return store;
    }

    private static LocalEndpointRecord Record(string container, string address) => new()
    {
        ContainerId = container,
        Namespace = "shop",
        Name = "cart",
        Interface = "eth0",
        HostInterface = "cali" + container,
        NetworkNamespace = "/run/netns/cart",
        Handle = "k8s-pod-network." + container,
        Addresses = [address, "fd00::1"],
    };
}
