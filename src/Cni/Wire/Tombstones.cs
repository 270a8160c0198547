using System.Text.Json;

namespace Margay.Cni.Wire;

/// <summary>
/// The notes that the plugin leaves when it deleted a container while the service was away: one file per attachment,
/// holding the whole request, complete or not there (written aside, synced, renamed). The service serves each like a
/// DEL and removes the file last, so that a crash in between repeats the DEL, which is harmless.
/// </summary>
public sealed class Tombstones(string directory)
{
    /// <summary>Where they are.</summary>
    public string Location => directory;

    /// <summary>Leaves a note; the same attachment again replaces it.</summary>
    public void Write(string containerId, string ifName, ReadOnlySpan<byte> request)
    {
        Directory.CreateDirectory(directory);
        string aside = Path.Combine(directory, $".{Environment.ProcessId}-{FileName(containerId, ifName)}");
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(request);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, PathOf(containerId, ifName), overwrite: true);
    }

    /// <summary>True when there is a note about the attachment.</summary>
    public bool Exists(string containerId, string ifName) => File.Exists(PathOf(containerId, ifName));

    /// <summary>Every note. A file that cannot be read as a request comes with null and stays for people to look at.</summary>
    public IEnumerable<(string Path, CniWireRequest? Request)> List()
    {
        if (!Directory.Exists(directory)) yield break;
        foreach (string path in Directory.GetFiles(directory))
            if (!Path.GetFileName(path).StartsWith('.')) yield return (path, Read(path));
    }

    /// <summary>Removes the note about an attachment; none is fine.</summary>
    public void Remove(string containerId, string ifName)
    {
        if (Exists(containerId, ifName)) File.Delete(PathOf(containerId, ifName));
    }

    private static CniWireRequest? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CniWireJson.Default.CniWireRequest);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A container id cannot hold '@', and an interface name cannot hold '/'.
    private static string FileName(string containerId, string ifName) => $"{containerId}@{ifName}";

    private string PathOf(string containerId, string ifName) => Path.Combine(directory, FileName(containerId, ifName));
}
