namespace Margay.Cni.Installation;

/// <summary>
/// Files that are complete or not there, whenever the process or the machine dies: written aside, synced, renamed. The
/// runtime may start a plugin or read a configuration at any moment; it passes over the names of unfinished ones.
/// </summary>
internal static class AtomicFile
{
    private const string Suffix = ".margay-new";

    /// <summary>Puts content under a name, in place of what is there.</summary>
    public static void Write(string path, byte[] content, UnixFileMode mode)
    {
        string aside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}{Suffix}");
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, UnixCreateMode = mode };
        using (var file = new FileStream(aside, how))
        {
            File.SetUnixFileMode(file.SafeFileHandle, mode);
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, path, overwrite: true);
    }

    /// <summary>Whether the file is there with this content and mode.</summary>
    public static bool Is(string path, ReadOnlySpan<byte> content, UnixFileMode mode) =>
        File.Exists(path) && new FileInfo(path).Length == content.Length && File.GetUnixFileMode(path) == mode && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);

    /// <summary>Removes what writers that died left in a folder.</summary>
    public static void RemoveUnfinished(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string file in Directory.EnumerateFiles(folder, $".*{Suffix}")) File.Delete(file);
    }
}
