using System.Text;

namespace Margay.Linux.Namespaces;

/// <summary>
/// Settings under <c>/proc/sys/net</c>. The kernel shows the files of the namespace that the reading thread is in: for
/// another one call from inside <see cref="NetworkNamespace.Run(string, Action)"/>.
/// </summary>
public static class Sysctl
{
    /// <summary>Reads a setting; null when the kernel has none of that name.</summary>
    /// <param name="path">Below <c>/proc/sys/net</c>, with slashes: interface names may hold dots.</param>
    public static string? Read(string path)
    {
        string file = FileOf(path);
        return File.Exists(file) ? File.ReadAllText(file).TrimEnd() : null;
    }

    /// <summary>Writes a setting when its value is another; does nothing when the kernel has none of that name.</summary>
    /// <returns>Whether something was written.</returns>
    public static bool Write(string path, string value)
    {
        if (Read(path) is not { } old || old == value) return false;
        File.WriteAllText(FileOf(path), value);
        return true;
    }

    /// <summary>Writes a setting whatever its value is: for an interface that was made a moment ago, two calls instead of ten.</summary>
    /// <returns>False when the kernel has none of that name.</returns>
    public static bool Set(string path, string value)
    {
        try
        {
            using var file = File.OpenHandle(FileOf(path), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(value), 0);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static string FileOf(string path) => $"/proc/sys/net/{path}";
}
