using System.Text;

namespace Margay.Cni.Installation;

/// <summary>
/// Which files in a folder of the node are ours: a line for each version that was placed, <c>fingerprint name</c>, in a
/// hidden file beside them. A version is noted before it is placed, so that a file of ours is never taken for somebody's.
/// </summary>
internal sealed class PlacedFiles
{
    private readonly string _path;
    private readonly List<(string Fingerprint, string Name)> _placed;

    private PlacedFiles(string path, List<(string, string)> placed) => (_path, _placed) = (path, placed);

    /// <summary>The names of files that may be ours.</summary>
    public IReadOnlyList<string> Names => [.. _placed.Select(line => line.Name).Distinct()];

    /// <summary>Reads the notes of a folder; none is fine.</summary>
    public static PlacedFiles Load(string folder)
    {
        string path = Path.Combine(folder, ".margay-placed");
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return new(path, [.. lines.Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).Select(parts => (parts[0], parts[1]))]);
    }

    /// <summary>Whether this is a version that we placed.</summary>
    public bool Has(string name, string fingerprint) => _placed.Contains((fingerprint, name));

    /// <summary>Notes that a version is about to be placed.</summary>
    public void Add(string name, string fingerprint)
    {
        if (Has(name, fingerprint)) return;
        _placed.Add((fingerprint, name));
        Save();
    }

    /// <summary>Forgets all versions of a file but one.</summary>
    public void KeepOnly(string name, string fingerprint)
    {
        if (_placed.RemoveAll(line => line.Name == name && line.Fingerprint != fingerprint) > 0) Save();
    }

    /// <summary>Removes the notes, after everything that they tell of.</summary>
    public void Delete() => File.Delete(_path);

    private void Save() => AtomicFile.Write(
        _path, Encoding.UTF8.GetBytes(string.Concat(_placed.Select(line => $"{line.Fingerprint} {line.Name}\n"))), UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
