using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Margay.Answers.Sources;

/// <summary>Texts as they were in a git revision: two calls of git, whatever the number of files.</summary>
internal static class GitSource
{
    /// <summary>What a source of this kind begins with.</summary>
    internal const string Prefix = "git:";

    /// <summary>Reads the manifests that a path held in a revision.</summary>
    /// <param name="revision">Anything that git understands: a branch, a tag, a commit, <c>HEAD~1</c>.</param>
    /// <param name="path">A file or directory, relative to the current directory; it need not exist today.</param>
    /// <param name="recursive">Whether folders below a directory count.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="AnswerException">git refused, or there is no manifest at the path.</exception>
    internal static async Task<IReadOnlyList<SourceText>> ReadAsync(string revision, string path, bool recursive, CancellationToken stop)
    {
        if (revision.Length == 0 || revision.StartsWith('-')) throw new AnswerException($"\"{revision}\" is no git revision. Write git:REVISION or git:REVISION:PATH.");
        string full = Path.GetFullPath(path);
        string folder = Directory.Exists(full) ? full : Path.GetDirectoryName(full)!;
        while (!Directory.Exists(folder)) folder = Path.GetDirectoryName(folder)!;
        string inside = Path.GetRelativePath(folder, full);

        byte[] listing = await RunAsync(folder, ["ls-tree", "-r", "-z", "--name-only", revision, "--", inside == "." ? "./" : inside], [], stop);
        var names = Encoding.UTF8.GetString(listing).Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(ManifestFiles.IsManifest)
            .Where(name => recursive || name == inside || (Path.GetDirectoryName(name) ?? "") == (inside == "." ? "" : inside)).Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0) throw new AnswerException($"Revision {revision} has no manifest at {path}{(recursive ? "" : "; -R looks into folders below")}.");

        byte[] request = Encoding.UTF8.GetBytes(string.Concat(names.Select(name => $"{revision}:./{name}\n")));
        byte[] contents = await RunAsync(folder, ["cat-file", "--batch"], request, stop);
        return Split(contents, names, name => $"{Prefix}{revision}:{Shown(path, Path.GetFullPath(Path.Combine(folder, name)))}");
    }

    /// <summary>A file's path as the user would write it.</summary>
    private static string Shown(string asked, string full) => Path.IsPathRooted(asked) ? full : Path.GetRelativePath(Environment.CurrentDirectory, full);

    /// <summary>Reads what <c>git cat-file --batch</c> writes: a line with type and size, the content, a line break.</summary>
    private static List<SourceText> Split(byte[] contents, string[] names, Func<string, string> title)
    {
        var texts = new List<SourceText>(names.Length);
        int at = 0;
        foreach (string name in names)
        {
            int end = Array.IndexOf(contents, (byte)'\n', at);
            string[] head = end < 0 ? [] : Encoding.UTF8.GetString(contents, at, end - at).Split(' ');
            if (head is not [_, "blob", var size] || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
                throw new AnswerException($"git could not show {name}: {(end < 0 ? "it wrote nothing" : Encoding.UTF8.GetString(contents, at, end - at))}");
            texts.Add(new SourceText(title(name), Encoding.UTF8.GetString(contents, end + 1, length)));
            at = end + 1 + length + 1;
        }
        return texts;
    }

    private static async Task<byte[]> RunAsync(string folder, string[] arguments, byte[] input, CancellationToken stop)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using var process = Start(start);
        var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, stop);
        var complaining = process.StandardError.ReadToEndAsync(stop);
        await process.StandardInput.BaseStream.WriteAsync(input, stop);
        process.StandardInput.Close();
        await reading;
        string complaint = await complaining;
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? output.ToArray() : throw new AnswerException($"git {string.Join(' ', arguments)} in {folder}: {complaint.Trim()}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception cause)
        {
            throw new AnswerException($"git cannot be run: {cause.Message}. Reading a revision needs git.", cause);
        }
    }
}
