using System.Text.RegularExpressions;
using Margay.Tests;
using Xunit;

namespace Margay.Architecture.Tests;

/// <summary>What the shell scripts must not do.</summary>
public sealed partial class ScriptTests
{
    public static TheoryData<string> Scripts =>
        [.. Files().Select(file => Path.GetRelativePath(RepositoryFolder.Path, file)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// A reader that leaves early ends its writer with a broken pipe, but only when the writer is the slower of the two: under
    /// <c>pipefail</c> the script then fails, once in a hundred runs.
    /// </summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public void No_reader_of_a_pipe_leaves_early(string script)
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryFolder.Path, script));
        Assert.Empty(lines.Select((line, index) => (line, index)).Where(item => LeavesEarly().IsMatch(item.line))
            .Select(item => $"{script}:{item.index + 1}: {item.line.Trim()}"));
    }

    [Theory]
    [InlineData("nodes | head -n 1", true)]
    [InlineData("curl -s x | grep -q true", true)]
    [InlineData("nodes | grep -xq n1", true)]
    [InlineData("nodes | sed 2q", true)]
    [InlineData("nodes | awk '{ print; exit }'", true)]
    [InlineData("a || head -n 1 file", false)]
    [InlineData("nodes | grep n1 >/dev/null", false)]
    [InlineData("nodes | tail -n 1", false)]
    [InlineData("nodes | sed -n 's/q/p/p'", false)]
    public void Early_leavers_are_known(string line, bool expected) => Assert.Equal(expected, LeavesEarly().IsMatch(line));

    private static IEnumerable<string> Files()
    {
        var folders = new[] { "eng", ".ci", "bench", "tests", "deploy" };
        return folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, folder), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(RepositoryFolder.Path))
            .Where(IsScript);
    }

    private static bool IsScript(string file)
    {
        if (Path.GetExtension(file) == ".sh") return true;
        if (Path.HasExtension(Path.GetFileName(file))) return false;
        using var reader = new StreamReader(file);
        Span<char> start = stackalloc char[64];
        var length = reader.ReadBlock(start);
        return start[..length].StartsWith("#!") && start[..length].Contains("sh", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<!\|)\|\s*(head\b|grep\s+(-\w+\s+)*-\w*q|sed\s+(-\w+\s+)*'?\d+q|awk\s.*\bexit\b)")]
    private static partial Regex LeavesEarly();
}
