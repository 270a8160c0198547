using System.Text;
using Margay.ApiServer.Audit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.ApiServer.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("margay-auditlog-").FullName;
    private int _written, _lost;

    private string Path => System.IO.Path.Combine(_folder, "audit.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_log_that_has_grown_enough_is_put_aside_and_old_ones_go()
    {
        AuditFiles files = Files(maxBytes: 30, backups: 2);
        using (AuditLog log = Open(files))
        {
            for (int i = 0; i < 10; i++) log.Write(Encoding.ASCII.GetBytes($"event number {i}"));
        }
        Assert.Equal("event number 8\nevent number 9\n", File.ReadAllText(Path));
        Assert.Equal(2, files.Backups.Count);
        Assert.Equal("event number 6\nevent number 7\n", File.ReadAllText(files.Backups[0]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal((10, 0), (_written, _lost));
    }

    [Fact]
    public void What_is_there_is_kept_when_the_log_is_opened_again()
    {
        using (AuditLog log = Open(Files())) log.Write("one"u8.ToArray());
        using (AuditLog log = Open(Files())) log.Write("two"u8.ToArray());
        Assert.Equal("one\ntwo\n", File.ReadAllText(Path));
    }

    [Fact]
    public void An_event_that_cannot_be_written_is_counted_and_the_next_one_is_written_when_there_is_room_again()
    {
        // A disk that is always full.
        using (AuditLog log = new(new AuditFiles("/dev/full", long.MaxValue, 0, TimeSpan.Zero, TimeProvider.System), Count, NullLogger.Instance))
        {
            log.Write("lost"u8.ToArray());
            log.Write("lost"u8.ToArray());
        }
        Assert.Equal((0, 2), (_written, _lost));
    }

    private AuditFiles Files(long maxBytes = 1_000_000, int backups = 0) => new(Path, maxBytes, backups, TimeSpan.Zero, TimeProvider.System);

    private AuditLog Open(AuditFiles files) => new(files, Count, NullLogger.Instance);

    private void Count(bool written) => _ = written ? _written++ : _lost++;
}
