using Margay.ApiServer.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.ApiServer.Tests.Storage;

/// <summary>What a storage over a log of this process promises beyond the others: every revision is a change.</summary>
public abstract class LoggedStorageSuite : StorageSuite
{
    private protected abstract IEventLog NewLog();

    private protected virtual StorageOptions Options => new() { RetainEvents = 1_000_000, WindowEvents = 8 };

    private protected override ValueTask<IStorage> OpenAsync() => new(Open(Options));

    private protected IStorage Open(StorageOptions options) =>
        new LoggedStorage(NewLog(), options, TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task Revisions_rise_by_one_with_every_change()
    {
        StoredObject one = await Create("/pods/a/1");
        StoredObject two = await Update(one, "v2");
        Assert.Equal(one.Revision + 1, two.Revision);
        Assert.False((await Storage.WriteAsync(StorageWrite.Update(one, Bytes("late")), Stop)).Committed);
        Assert.Equal(two.Revision, Storage.CurrentRevision);
        Assert.Equal(two.Revision + 1, (await Storage.WriteAsync(StorageWrite.Delete(two), Stop)).Revision);
    }
}
