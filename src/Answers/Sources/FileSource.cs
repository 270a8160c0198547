using Margay.Answers.PolicyTests;
using Margay.Answers.Verify;

namespace Margay.Answers.Sources;

/// <summary>Texts of files, directories and standard input.</summary>
internal static class FileSource
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>Reads what a path names; files of a directory in the order of their names.</summary>
    internal static async Task<IReadOnlyList<SourceText>> ReadAsync(string path, bool recursive, TextReader input, CancellationToken stop)
    {
        if (path == "-") return [new SourceText("standard input", await input.ReadToEndAsync(stop))];
        if (File.Exists(path)) return [await TextAsync(path, stop)];
        if (!Directory.Exists(path)) throw new AnswerException($"The path \"{path}\" does not exist.");
        var depth = recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var files = Directory.EnumerateFiles(path, "*", depth).Where(IsManifest).Order(StringComparer.Ordinal).ToArray();
        if (files.Length == 0) throw new AnswerException($"{path} holds no {string.Join(", ", Extensions)} file{(recursive ? "" : "; -R looks into folders below")}.");
        var texts = new List<SourceText>(files.Length);
        foreach (string file in files) texts.Add(await TextAsync(file, stop));
        return texts;
    }

    /// <summary>Whether a file's name says that it is a manifest; tests of policy and invariants may stand beside what they are about.</summary>
    internal static bool IsManifest(string file) =>
        Extensions.Contains(Path.GetExtension(file)) && !PolicyTestReader.IsTestFile(file) && !InvariantReader.IsInvariantFile(file);

    private static async Task<SourceText> TextAsync(string file, CancellationToken stop) => new(file, await File.ReadAllTextAsync(file, stop));
}
