using Margay.Kernel.Tests.Harness;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;
using Xunit;

namespace Margay.Kernel.Tests.Namespaces;

public sealed class NamespaceWorkerTests : IDisposable
{
    private readonly TestNamespace _home = new("home");
    private readonly TestNamespace _away = new("away");

    public void Dispose()
    {
        _away.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Work_is_done_at_home_and_visits_end_there_whatever_happens_on_them()
    {
        using (var netlink = RouteNetlink.OpenIn(_home.Path)) netlink.Run(new CreateVeth(new VethPair { Name = "home0", PeerName = "home1" }));
        using (var netlink = RouteNetlink.OpenIn(_away.Path)) netlink.Run(new CreateVeth(new VethPair { Name = "away0", PeerName = "away1" }));
        using var worker = new NamespaceWorker(_home.Path);
        Assert.True(await worker.RunAsync(() => Has("home0")));
        Assert.Equal((true, false), await worker.RunAsync(() => worker.Visit(_away.Path, () => (Has("away0"), Has("home0")))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => worker.RunAsync(() => worker.Visit<bool>(_away.Path, () => throw new InvalidOperationException())));
        await Assert.ThrowsAsync<FileNotFoundException>(() => worker.RunAsync(() => worker.Visit("/run/netns/nobody", () => true)));
        await Assert.ThrowsAnyAsync<LinuxException>(() => worker.RunAsync(() => worker.Visit("/dev/null", () => true)));
        Assert.True(await worker.RunAsync(() => Has("home0")));
    }

    [Fact]
    public async Task Only_its_own_thread_may_visit()
    {
        using var worker = new NamespaceWorker(_home.Path);
        Assert.Throws<InvalidOperationException>(() => worker.Visit(_away.Path, () => true));
        Assert.True(await worker.RunAsync(() => worker.Visit(_away.Path, () => true)));
    }

    private static bool Has(string link)
    {
        using var netlink = RouteNetlink.Open();
        return netlink.FindLink(link) is not null;
    }
}
