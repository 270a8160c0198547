using Margay.ApiServer.Storage;
using Margay.ApiServer.Storage.Etcd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.ApiServer.Tests.Storage.Etcd;

/// <summary>The suite on a real etcd, which all tests share under prefixes of their own; so others write while one runs.</summary>
public sealed class EtcdStorageTests(EtcdStorageTests.Server server) : StorageSuite, IClassFixture<EtcdStorageTests.Server>
{
    private readonly string _prefix = $"/t-{Guid.NewGuid():N}";

    private protected override async ValueTask<IStorage> OpenAsync() => await OpenAsync(0);

    private async Task<EtcdStorage> OpenAsync(int window) => await EtcdStorage.OpenAsync(
        new EtcdOptions { Servers = [server.Member.Address], Prefix = _prefix, WindowEvents = window == 0 ? 8 : window, CompactionInterval = TimeSpan.Zero },
        TimeProvider.System, NullLogger.Instance, Stop);

    [Fact]
    public async Task What_one_server_wrote_another_reads_after_it_has_caught_up()
    {
        await using EtcdStorage other = await OpenAsync(8);
        StoredObject item = await Create("/pods/a/1", "0");
        for (int i = 1; i <= 50; i++)
        {
            IStorage writer = i % 2 == 0 ? Storage : other, reader = i % 2 == 0 ? other : Storage;
            await writer.CatchUpAsync(Stop);
            item = (await writer.WriteAsync(StorageWrite.Update(item, Bytes($"{i}")), Stop)).Current!;
            await reader.CatchUpAsync(Stop);
            Assert.Equal($"{i}", Text(await reader.GetAsync("/pods/a/1", Stop)));
        }
    }

    [Fact]
    public async Task Writes_of_other_programs_to_the_same_etcd_neither_show_nor_stop_reads()
    {
        IStorageWatch watch = Storage.Watch("/", Storage.CurrentRevision);
        StoredObject mine = await Create("/pods/a/1", "mine");
        for (int i = 0; i < 5; i++)
        {
            await server.Member.ControlAsync(Stop, "put", "/somebody/else", $"{i}");
            await Storage.CatchUpAsync(Stop);
            Assert.Equal("mine", Text(await Storage.GetAsync("/pods/a/1", Stop)));
        }
        Assert.Equal(mine.Revision, Assert.Single((await watch.NextAsync(TimeSpan.Zero, Stop)).Events).Revision);
        Assert.True(Storage.CurrentRevision > mine.Revision + 5);
    }

    [Fact]
    public async Task Many_keys_that_an_administrator_deletes_at_once_are_as_many_changes_of_one_revision()
    {
        for (int i = 0; i < 20; i++) await Create($"/pods/a/{i:00}");
        long before = Storage.CurrentRevision;
        IStorageWatch near = Storage.Watch("/pods/", before);
        await server.Member.ControlAsync(Stop, "del", "--prefix", $"{_prefix}/pods/");
        List<StorageEvent> events = await Take(near, 20);
        Assert.Equal(20, events.Count);
        Assert.Single(events.Select(e => e.Revision).Distinct());
        Assert.All(events, e => Assert.NotNull(e.Previous));
        // The window holds eight of them only: whoever comes from before reads the others in etcd.
        Assert.Equal(20, (await Take(Storage.Watch("/pods/", before), 20)).Count);
        Assert.Empty((await Storage.ListAsync(new StorageQuery("/pods/"), Stop)).Items);
    }

    [Fact]
    public async Task A_server_that_starts_later_has_the_state_and_the_history_from_before_it()
    {
        StoredObject item = await Create("/pods/a/1", "0");
        for (int i = 1; i <= 30; i++) item = await Update(item, $"{i}");
        await using EtcdStorage later = await OpenAsync(8);
        StoredObject read = (await later.GetAsync("/pods/a/1", Stop))!;
        Assert.Equal((item.Revision, item.CreateRevision, "30"), (read.Revision, read.CreateRevision, Text(read)));
        List<StorageEvent> events = await Take(later.Watch("/pods/", item.CreateRevision), 30);
        Assert.Equal(Enumerable.Range(1, 30).Select(i => $"{i}"), events.Select(e => Text(e.Current)));
        Assert.Equal("0", Text((await later.ListAsync(new StorageQuery("/pods/", item.CreateRevision), Stop)).Items[0]));
    }

    [Fact]
    public async Task A_value_that_etcd_does_not_take_is_refused_as_too_large_and_the_storage_goes_on()
    {
        var write = StorageWrite.Create("/pods/a/big", new byte[2_000_000]);
        await Assert.ThrowsAsync<ValueTooLargeException>(async () => await Storage.WriteAsync(write, Stop));
        Assert.Null(Storage.Trouble);
        await Create("/pods/a/small");
    }

    [Fact]
    public async Task A_list_of_many_large_objects_arrives_whole()
    {
        for (int i = 0; i < 12; i++) await Create($"/pods/a/{i:00}", new string('x', 1_000_000));
        await using EtcdStorage later = await OpenAsync(8);
        Assert.Equal(12, (await later.ListAsync(new StorageQuery("/pods/"), Stop)).Items.Count);
        List<StorageEvent> events = await Take(later.Watch("/pods/", 1), 12);
        Assert.Equal(12, events.Select(e => e.Key).Distinct().Count());
    }

    /// <summary>One etcd for the class.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal EtcdMember Member { get; } = new();

        public ValueTask InitializeAsync()
        {
            Member.Start();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            Member.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
