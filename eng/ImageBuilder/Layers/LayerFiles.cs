using System.IO.Enumeration;
using System.Text;

namespace Margay.ImageBuilder.Layers;

/// <summary>Collects the entries of a layer from the folders that the build left.</summary>
internal sealed class LayerFiles(string programs, string packages)
{
    private const UnixFileMode Plain = (UnixFileMode)0b110_100_100;
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    /// <summary>The entries, sorted, with all the folders that lead to them.</summary>
    public IReadOnlyList<LayerFile> Of(Layer layer)
    {
        var files = new SortedDictionary<string, LayerFile>(StringComparer.Ordinal);
        foreach (var (path, mode) in layer.Folders) files[path] = new(path, mode);
        foreach (var (path, text) in layer.Texts) files[path] = new(path, Plain) { Content = Encoding.UTF8.GetBytes(text) };
        foreach (var file in layer.Packages.SelectMany(Of).Concat(layer.Programs.SelectMany(program => Of(program.From, program.To)))) files[file.Path] = file;
        foreach (string path in files.Keys.ToList())
            for (string? folder = Parent(path); folder is not null; folder = Parent(folder))
                files.TryAdd(folder, new(folder, Executable));
        return [.. files.Values];
    }

    private static string? Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : null;

    private IEnumerable<LayerFile> Of(string from, string to)
    {
        string source = Path.Combine(programs, from);
        if (File.Exists(source)) return [new(to, Executable) { Source = source }];
        if (!Directory.Exists(source)) throw new ImageException($"{source} is missing; eng/images publishes it");
        // The server's folder: one native launcher, libraries, and assemblies, which nobody executes.
        return Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Select(file =>
            new LayerFile($"{to}/{Path.GetRelativePath(source, file)}", Path.GetExtension(file) is ".dll" or ".json" ? Plain : Executable) { Source = file });
    }

    private IEnumerable<LayerFile> Of(PackageFiles package)
    {
        string root = Path.Combine(packages, package.Name);
        if (!Directory.Exists(root)) throw new ImageException($"{root} is missing; eng/images unpacks Debian's {package.Name} there");
        var found = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith($"{root}/DEBIAN/", StringComparison.Ordinal))
            .Where(file => package.Patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file), ignoreCase: false)))
            .Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0) throw new ImageException($"{root} has no {string.Join(", ", package.Patterns)}");
        string copyright = Path.Combine(root, "usr/share/doc", package.Name, "copyright");
        IEnumerable<LayerFile> licence = File.Exists(copyright) ? [At(root, copyright)] : [];
        return licence.Concat(package switch
        {
            { Bundle: { } bundle } => [new LayerFile(bundle, Plain) { Content = [.. found.SelectMany(File.ReadAllBytes)] }],
            { Into: { } folder } => found.Select(file => At(root, file) with { Path = $"{folder}/{Path.GetFileName(file)}" }),
            _ => found.Select(file => At(root, file)),
        });
    }

    private static LayerFile At(string root, string file)
    {
        string path = Path.GetRelativePath(root, file);
        if (new FileInfo(file).LinkTarget is { } link) return new(path, Plain) { Link = link };
        bool runs = File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);
        return new(path, runs ? Executable : Plain) { Source = file };
    }
}
