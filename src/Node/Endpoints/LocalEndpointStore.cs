using System.Text.Json;
using Margay.Cni.Wiring;

namespace Margay.Node.Endpoints;

/// <summary>
/// The local endpoints on disk, one file each, so that a restarted node service knows them before it has spoken to
/// anybody. Written before the endpoint's interface exists and removed after it is gone: at every instant the files
/// name at least the endpoints that exist. The folder is on a file system that a reboot clears, as pods are.
/// </summary>
internal sealed class LocalEndpointStore(string folder)
{
    private readonly Dictionary<AttachmentMark, LocalEndpointRecord> _records = [];
    private readonly Lock _lock = new();

    /// <summary>Reads the files; leftovers of interrupted writes are removed.</summary>
    /// <exception cref="InvalidDataException">A file is not what this program writes; it names the file.</exception>
    public void Load()
    {
        Directory.CreateDirectory(folder);
        foreach (var leftover in Directory.EnumerateFiles(folder, "*.tmp")) File.Delete(leftover);
        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
        {
            try
            {
                using var stream = File.OpenRead(path);
                var record = JsonSerializer.Deserialize(stream, LocalEndpointJson.Default.LocalEndpointRecord)
                             ?? throw new InvalidDataException($"{path} holds null instead of an endpoint.");
                _records[record.Mark] = record;
            }
            catch (JsonException cause)
            {
                throw new InvalidDataException($"{path} is not an endpoint that margay-node wrote: {cause.Message} Remove it to go on.", cause);
            }
        }
    }

    /// <summary>All endpoints, in no order.</summary>
    public IReadOnlyList<LocalEndpointRecord> All
    {
        get
        {
            lock (_lock) return [.. _records.Values];
        }
    }

    /// <summary>All endpoints, those that were written last first.</summary>
    public IReadOnlyList<LocalEndpointRecord> NewestFirst => [.. All.OrderByDescending(record => File.GetLastWriteTimeUtc(PathOf(record.Mark)))];

    /// <summary>The attachment of the same pod that was written last, but for this one; null when there is no other.</summary>
    public LocalEndpointRecord? FindOther(LocalEndpointRecord than) => All
        .Where(other => other.Mark != than.Mark && other.Namespace == than.Namespace && other.Name == than.Name)
        .MaxBy(other => File.GetLastWriteTimeUtc(PathOf(other.Mark)));

    /// <summary>The endpoint of an attachment, or null.</summary>
    public LocalEndpointRecord? Find(AttachmentMark attachment)
    {
        lock (_lock) return _records.GetValueOrDefault(attachment);
    }

    /// <summary>Writes an endpoint; replaces the one of the same attachment.</summary>
    public void Put(LocalEndpointRecord record)
    {
        string path = PathOf(record.Mark);
        string temporary = path + ".tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(record, LocalEndpointJson.Default.LocalEndpointRecord));
        File.Move(temporary, path, overwrite: true);
        lock (_lock) _records[record.Mark] = record;
    }

    /// <summary>Removes an endpoint; nothing happens when it is not there.</summary>
    public void Remove(AttachmentMark attachment)
    {
        File.Delete(PathOf(attachment));
        lock (_lock) _records.Remove(attachment);
    }

    // The characters of container ids and interface names are checked where a call is read: no path separator can be in them.
    private string PathOf(AttachmentMark attachment) => Path.Combine(folder, $"{attachment.ContainerId}.{attachment.IfName}.json");
}
