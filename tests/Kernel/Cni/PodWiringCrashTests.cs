using Margay.Cni.Wiring;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;
using Xunit;

namespace Margay.Kernel.Tests.Cni;

/// <summary>Every state that a wiring which was killed can leave, and what the next call makes of it.</summary>
public sealed class PodWiringCrashTests : IDisposable
{
    private readonly WiringScene _scene = new();
    private readonly PodWiringRequest _request;

    public PodWiringCrashTests() => _request = WiringScene.Request(_scene.PodA, "container-a", "calia", "10.65.0.1", "fd00:65::1");

    public enum Killed
    {
        AfterThePairWasMade,
        AfterThePodsSide,
        AfterTheSettings,
        AfterAll,
        AfterRetiring,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Killed.AfterThePairWasMade)]
    [InlineData(Killed.AfterThePodsSide)]
    [InlineData(Killed.AfterTheSettings)]
    [InlineData(Killed.AfterAll)]
    [InlineData(Killed.AfterRetiring)]
    public async Task The_next_add_ends_as_if_nothing_had_happened(Killed killed)
    {
        Leave(killed);
        await _scene.AddAsync(_request, Stop);
        Assert.Empty(await _scene.Wiring.CheckAsync(_request, Stop));
        Assert.Equal(["calia", "lo"], _scene.Netlink.ListLinks().Select(l => l.Name).Order());
        _scene.PodA.Exec("ping", "-c", "1", "-W", "5", "-I", "10.65.0.1", "10.65.0.1");
    }

    [Theory]
    [InlineData(Killed.AfterThePairWasMade)]
    [InlineData(Killed.AfterThePodsSide)]
    [InlineData(Killed.AfterTheSettings)]
    [InlineData(Killed.AfterAll)]
    [InlineData(Killed.AfterRetiring)]
    public async Task The_next_delete_leaves_nothing(Killed killed)
    {
        Leave(killed);
        await _scene.Wiring.DeleteAsync(_request.Mark, "calia", Stop);
        await _scene.Wiring.FlushAsync();
        Assert.Equal(["lo"], _scene.Netlink.ListLinks().Select(l => l.Name));
        Assert.DoesNotContain("eth0", _scene.PodA.Ip("link"), StringComparison.Ordinal);
    }

    public void Dispose() => _scene.Dispose();

    private void Leave(Killed killed)
    {
        using (var ns = File.OpenHandle(_scene.PodA.Path))
            _scene.Netlink.Run(new CreateVeth(new VethPair { Name = "calia", PeerName = "eth0", PeerNamespace = ns, Address = PodGateway.HostMac }));
        if (killed == Killed.AfterThePairWasMade) return;
        var pod = NetworkNamespace.Run(_scene.PodA.Path, () =>
        {
            using var netlink = RouteNetlink.Open();
            return PodSide.Program(netlink, _request, isNew: true);
        });
        if (killed == Killed.AfterThePodsSide) return;
        NetworkNamespace.Run(_scene.Node.Path, () => HostSide.WriteSettings("calia", ipv6: true));
        if (killed == Killed.AfterTheSettings) return;
        var host = _scene.Netlink.FindLink("calia")!;
        _scene.Netlink.Run([.. HostSide.Program(host, pod, _request)]);
        if (killed == Killed.AfterAll) return;
        _scene.Netlink.Run(new ChangeLink(host.Index, new LinkChange { Group = LinkReaper.Group, Alias = "" }));
    }
}
