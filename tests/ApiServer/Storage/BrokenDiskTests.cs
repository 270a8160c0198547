using Margay.ApiServer.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.ApiServer.Tests.Storage;

public sealed class BrokenDiskTests
{
    [Fact]
    public async Task After_a_failed_sync_nothing_is_ever_acknowledged_again_and_reads_go_on()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var log = new FailingLog();
        await using var storage = new LoggedStorage(log, new StorageOptions(), TimeProvider.System, NullLogger.Instance);
        WriteResult good = await storage.WriteAsync(StorageWrite.Create("/a", [1]), stop);
        log.Failing = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.WriteAsync(StorageWrite.Create("/b", [1]), stop));
        log.Failing = false;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.WriteAsync(StorageWrite.Create("/c", [1]), stop));
        Assert.NotNull(storage.Trouble);
        Assert.Equal(good.Revision, storage.CurrentRevision);
        Assert.NotNull(await storage.GetAsync("/a", stop));
        Assert.Null(await storage.GetAsync("/b", stop));
    }

    private sealed class FailingLog : IEventLog
    {
        private readonly MemoryEventLog _inner = new();

        public bool Failing { get; set; }

        public LogContents Load(int recent) => _inner.Load(recent);

        public void Append(IReadOnlyList<StorageEvent> events, DateTimeOffset at)
        {
            if (Failing) throw new LogFailedException("the disk failed to sync", new IOException(), rolledBack: false);
            _inner.Append(events, at);
        }

        public IReadOnlyList<StorageEvent> Read(long after, int most) => _inner.Read(after, most);

        public long RevisionBefore(DateTimeOffset cutoff, long from) => _inner.RevisionBefore(cutoff, from);

        public void Compact(long revision) => _inner.Compact(revision);

        public void Dispose() => _inner.Dispose();
    }
}
