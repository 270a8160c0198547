using Margay.ApiServer.Storage;
using Margay.ApiServer.Storage.Sqlite;

namespace Margay.ApiServer.Tests.Storage;

public sealed class SqliteStorageTests : LoggedStorageSuite
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-storage-");
    private SqliteEventLog? _log;

    private protected override IEventLog NewLog() => _log = new SqliteEventLog(Path.Combine(_folder.FullName, "state.db"));

    private protected override void Cleanup() => _folder.Delete(recursive: true);

    private async Task Reopen(StorageOptions? options = null)
    {
        await Storage.DisposeAsync();
        Use(Open(options ?? Options));
    }

    [Fact]
    public async Task State_history_and_revisions_go_on_after_a_restart()
    {
        StoredObject one = await Create("/pods/a/1", "v1");
        StoredObject two = await Update(one, "v2");
        StoredObject gone = await Create("/pods/a/2");
        await Storage.WriteAsync(StorageWrite.Delete(gone), Stop);
        long before = Storage.CurrentRevision;
        await Reopen();
        Assert.Equal(before, Storage.CurrentRevision);
        Assert.Equal("v2", Text(await Storage.GetAsync("/pods/a/1", Stop)));
        Assert.Null(await Storage.GetAsync("/pods/a/2", Stop));
        Assert.Equal(one.CreateRevision, (await Storage.GetAsync("/pods/a/1", Stop))!.CreateRevision);
        List<StorageEvent> events = await Take(Storage.Watch("/pods/", one.Revision), 3);
        Assert.Equal([two.Revision, gone.Revision, before], events.Select(e => e.Revision));
        Assert.Equal(before + 1, (await Create("/pods/a/3")).Revision);
    }

    [Fact]
    public async Task Compacted_history_is_refused_and_the_state_stays_also_after_a_restart()
    {
        await Reopen(new StorageOptions { RetainEvents = 10, WindowEvents = 8 });
        StoredObject item = await Create("/pods/a/1", "0");
        StoredObject doomed = await Create("/pods/a/2", "0");
        await Storage.WriteAsync(StorageWrite.Delete(doomed), Stop);
        for (int i = 1; i <= 300; i++) item = await Update(item, $"{i}");
        IStorageWatch old = Storage.Watch("/pods/", 1);
        await Assert.ThrowsAsync<CompactedException>(async () => await old.NextAsync(TimeSpan.Zero, Stop));
        await Assert.ThrowsAsync<CompactedException>(async () => await Storage.ListAsync(new StorageQuery("/pods/", 2), Stop));
        long compacted = Storage.CompactedRevision;
        Assert.True(compacted > 100);
        await Reopen(new StorageOptions { RetainEvents = 10, WindowEvents = 8 });
        Assert.Equal(compacted, Storage.CompactedRevision);
        Assert.Equal("300", Text(await Storage.GetAsync("/pods/a/1", Stop)));
        Assert.Single((await Storage.ListAsync(new StorageQuery("/pods/"), Stop)).Items);
        List<StorageEvent> rest = await Take(Storage.Watch("/pods/", compacted), (int)(Storage.CurrentRevision - compacted));
        Assert.All(rest, e => Assert.NotNull(e.Previous));
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_says_so_and_recovers_when_there_is_room()
    {
        StoredObject kept = await Create("/pods/a/1", "kept");
        Limit(pages: 8);
        await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
        {
            for (int i = 0; i < 50; i++) await Create($"/pods/big/{i}", new string('x', 4096));
        });
        Assert.Contains("full", Storage.Trouble, StringComparison.Ordinal);
        Assert.Equal("kept", Text(await Storage.GetAsync("/pods/a/1", Stop)));
        long before = Storage.CurrentRevision;
        Limit(pages: 1_000_000);
        StoredObject next = await Update(kept, "again");
        Assert.Equal(before + 1, next.Revision);
        Assert.Null(Storage.Trouble);
        await Reopen();
        Assert.Equal("again", Text(await Storage.GetAsync("/pods/a/1", Stop)));
    }

    private void Limit(int pages) => SqliteSchema.Execute(_log!.Writer, null, $"PRAGMA max_page_count={pages}");
}
