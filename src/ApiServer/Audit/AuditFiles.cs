namespace Margay.ApiServer.Audit;

/// <summary>The file of an audit log, and the older ones beside it: <c>audit-2026-01-31T10-00-00.000.log</c> for <c>audit.log</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="MaxBytes">How large it may grow.</param>
/// <param name="MaxBackups">How many older ones are kept; 0 for all.</param>
/// <param name="MaxAge">How long older ones are kept; zero for ever.</param>
/// <param name="Time">Dates them.</param>
internal sealed record AuditFiles(string Path, long MaxBytes, int MaxBackups, TimeSpan MaxAge, TimeProvider Time)
{
    private const string Stamp = "yyyy-MM-dd'T'HH-mm-ss.fff";

    /// <summary>The older files, the newest first.</summary>
    public IReadOnlyList<string> Backups =>
        [.. Directory.GetFiles(Folder, $"{Stem}-*{Extension}").Where(file => DateOf(file) is not null).OrderDescending(StringComparer.Ordinal)];

    private string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    private string Stem => System.IO.Path.GetFileNameWithoutExtension(Path);

    private string Extension => System.IO.Path.GetExtension(Path);

    /// <summary>Opens the file at its end; only its owner may read it.</summary>
    public FileStream Open()
    {
        Directory.CreateDirectory(Folder);
        var stream = new FileStream(Path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        if (stream.CanSeek) stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    /// <summary>Puts the file, which nobody has open, aside, and removes older ones that are too many or too old.</summary>
    public void Rotate()
    {
        DateTime now = Time.GetUtcNow().UtcDateTime;
        string aside;
        // Two in one millisecond must not replace each other.
        do
        {
            aside = System.IO.Path.Combine(Folder, $"{Stem}-{now.ToString(Stamp)}{Extension}");
            now = now.AddMilliseconds(1);
        }
        while (File.Exists(aside));
        File.Move(Path, aside);
        IReadOnlyList<string> backups = Backups;
        for (int i = 0; i < backups.Count; i++)
        {
            bool old = MaxAge > TimeSpan.Zero && DateOf(backups[i]) < now - MaxAge;
            if (old || (MaxBackups > 0 && i >= MaxBackups)) File.Delete(backups[i]);
        }
    }

    private DateTime? DateOf(string file)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(file);
        return DateTime.TryParseExact(name[(Stem.Length + 1)..], Stamp, null, System.Globalization.DateTimeStyles.None, out DateTime date) ? date : null;
    }
}
