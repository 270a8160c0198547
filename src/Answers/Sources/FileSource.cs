namespace Margay.Answers.Sources;

/// <summary>Texts of files, directories and standard input.</summary>
internal static class FileSource
{
    /// <summary>Reads what a path names; files of a directory in the order of their names.</summary>
    internal static async Task<IReadOnlyList<SourceText>> ReadAsync(string path, bool recursive, TextReader input, CancellationToken stop)
    {
        if (path == "-") return [new SourceText("standard input", await input.ReadToEndAsync(stop))];
        if (File.Exists(path)) return [await TextAsync(path, stop)];
        if (!Directory.Exists(path)) throw new AnswerException($"The path \"{path}\" does not exist.");
        var depth = recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var files = Directory.EnumerateFiles(path, "*", depth).Where(ManifestFiles.IsManifest).Order(StringComparer.Ordinal).ToArray();
        if (files.Length == 0) throw new AnswerException($"{path} holds no {string.Join(", ", ManifestFiles.Extensions)} file{(recursive ? "" : "; -R looks into folders below")}.");
        var texts = new List<SourceText>(files.Length);
        foreach (string file in files) texts.Add(await TextAsync(file, stop));
        return texts;
    }

    private static async Task<SourceText> TextAsync(string file, CancellationToken stop) => new(file, await File.ReadAllTextAsync(file, stop));
}
