using System.Text;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Storage.Etcd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.ApiServer.Tests.Storage.Etcd;

/// <summary>What happens when etcd forgets, dies, goes back in time, or does not know us.</summary>
public sealed class EtcdFailureTests : IDisposable
{
    private readonly EtcdMember _member = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-etcd-files-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _member.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Of_several_servers_one_removes_history_in_each_interval_and_all_know()
    {
        _member.Start();
        await using EtcdStorage one = await OpenAsync(), two = await OpenAsync();
        long middle = 0;
        for (int i = 0; i < 20; i++) middle = (await one.WriteAsync(StorageWrite.Create($"/pods/a/{i}", [1]), Stop)).Revision;
        await one.CatchUpAsync(Stop);
        await two.CatchUpAsync(Stop);
        // The first attempts only take note of where they are.
        Assert.Equal([null, null], [await one.Compactor.TryAsync(Stop), await two.Compactor.TryAsync(Stop)]);
        for (int i = 20; i < 40; i++) await one.WriteAsync(StorageWrite.Create($"/pods/a/{i}", [1]), Stop);
        long?[] removed = [await one.Compactor.TryAsync(Stop), await two.Compactor.TryAsync(Stop)];
        Assert.True(Assert.Single(removed, r => r is not null) >= middle, "history is kept for an interval");
        await one.CatchUpAsync(Stop);
        await two.CatchUpAsync(Stop);
        foreach (EtcdStorage storage in (EtcdStorage[])[one, two])
        {
            Assert.True(storage.CompactedRevision >= middle);
            await Assert.ThrowsAsync<CompactedException>(async () => await storage.Watch("/pods/", 2).NextAsync(TimeSpan.Zero, Stop));
            await Assert.ThrowsAsync<CompactedException>(async () => await storage.ListAsync(new StorageQuery("/pods/", 3), Stop));
            Assert.Equal(40, (await storage.ListAsync(new StorageQuery("/pods/"), Stop)).Items.Count);
        }
    }

    [Fact]
    public async Task History_that_somebody_else_removed_is_said_to_be_gone()
    {
        _member.Start();
        await using EtcdStorage storage = await OpenAsync();
        for (int i = 0; i < 40; i++) await storage.WriteAsync(StorageWrite.Create($"/pods/a/{i}", [1]), Stop);
        await _member.ControlAsync(Stop, "compact", $"{storage.CurrentRevision}");
        await Assert.ThrowsAsync<CompactedException>(async () => await storage.Watch("/pods/", 2).NextAsync(TimeSpan.Zero, Stop));
        await Assert.ThrowsAsync<CompactedException>(async () => await storage.ListAsync(new StorageQuery("/pods/", 3), Stop));
    }

    [Fact]
    public async Task While_etcd_is_dead_nothing_is_acknowledged_and_afterwards_everything_goes_on()
    {
        _member.Start();
        await using EtcdStorage storage = await OpenAsync();
        WriteResult kept = await storage.WriteAsync(StorageWrite.Create("/pods/a/1", [1]), Stop);
        IStorageWatch watch = storage.Watch("/pods/", kept.Revision);
        await _member.KillAsync(Stop);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await storage.WriteAsync(StorageWrite.Create("/pods/a/2", [2]), Stop));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await storage.CatchUpAsync(Stop));
        Assert.Contains("etcd does not answer", storage.Trouble, StringComparison.Ordinal);
        Assert.NotNull(await storage.GetAsync("/pods/a/1", Stop));
        await _member.StartAsync(Stop);
        await storage.CatchUpAsync(Stop);
        Assert.Null(storage.Trouble);
        WriteResult next = await storage.WriteAsync(StorageWrite.Create("/pods/a/3", [3]), Stop);
        Assert.Equal(next.Revision, Assert.Single((await watch.NextAsync(TimeSpan.FromSeconds(30), Stop)).Events).Revision);
    }

    [Fact]
    public async Task An_etcd_that_was_set_back_to_an_older_state_is_not_served_from()
    {
        _member.Start();
        string backup = Path.Combine(_folder.FullName, "backup.db");
        await using EtcdStorage storage = await OpenAsync();
        await _member.ControlAsync(Stop, "snapshot", "save", backup);
        WriteResult lost = await storage.WriteAsync(StorageWrite.Create("/pods/a/1", [1]), Stop);
        IStorageWatch watch = storage.Watch("/pods/", lost.Revision);
        await _member.KillAsync(Stop);
        Directory.Delete(_member.Data, recursive: true);
        await _member.ControlAsync(Stop, "snapshot", "restore", backup, "--name", _member.Name, "--data-dir", _member.Data,
            "--initial-cluster", $"{_member.Name}={_member.Peer}", "--initial-advertise-peer-urls", _member.Peer);
        await _member.StartAsync(Stop);
        StorageUnavailableException e = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await storage.CatchUpAsync(Stop));
        Assert.Contains("an older state was restored", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CompactedException>(async () => await watch.NextAsync(TimeSpan.FromSeconds(30), Stop));
        await using EtcdStorage again = await OpenAsync();
        Assert.Null(await again.GetAsync("/pods/a/1", Stop));
    }

    [Fact]
    public async Task Etcd_with_client_certificates_lets_us_in_with_ours_only()
    {
        string pki = _folder.FullName;
        CertificateAuthority authority = CertificateAuthority.Open(pki, TimeProvider.System);
        authority.Server(pki, ["127.0.0.1"]).Dispose();
        authority.Client(pki, "client", "apiserver", []).Dispose();
        string File(string name) => Path.Combine(pki, name);
        using var member = new EtcdMember { Tls = (File("ca.crt"), File("server.crt"), File("server.key")) };
        member.Start();
        var options = new EtcdOptions
        {
            Servers = [member.Address], CaFile = File("ca.crt"), CertificateFile = File("client.crt"), KeyFile = File("client.key"),
        };
        await using EtcdStorage storage = await OpenAsync(options);
        Assert.True((await storage.WriteAsync(StorageWrite.Create("/pods/a/1", Encoding.UTF8.GetBytes("x")), Stop)).Committed);
        foreach (EtcdOptions wrong in (EtcdOptions[])[options with { CertificateFile = null, KeyFile = null }, options with { CaFile = null }])
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
                await OpenAsync(wrong with { StartTimeout = TimeSpan.FromSeconds(2) }));
        }
    }

    private Task<EtcdStorage> OpenAsync() => OpenAsync(new EtcdOptions { Servers = [_member.Address], WindowEvents = 8, CompactionInterval = TimeSpan.Zero });

    private static Task<EtcdStorage> OpenAsync(EtcdOptions options) => EtcdStorage.OpenAsync(options, TimeProvider.System, NullLogger.Instance, Stop);
}
