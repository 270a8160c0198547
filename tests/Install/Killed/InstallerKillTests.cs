using Margay.Tests;
using Xunit;

namespace Margay.Install.Tests.Killed;

/// <summary>The published installer, killed at every system call that changes a file.</summary>
public sealed class InstallerKillTests : IDisposable
{
    private static readonly string[] _calls = ["write", "fsync", "rename", "unlink", "fchmod", "mkdir"];
    private readonly string _root = Directory.CreateTempSubdirectory("margay-killed-").FullName;

    public InstallerKillTests()
    {
        Write("plugins/margay-cni", "new plugin");
        Write("plugins/portmap", "new portmap");
        Write("config/10-margay.conflist", """{"cniVersion":"1.0.0","name":"margay","plugins":[{"type":"margay-cni"}]}""");
    }

    public static TheoryData<string> Verbs => ["install", "uninstall"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Whatever_is_left_is_whole_and_the_next_run_ends_as_if_nothing_had_happened(string verb)
    {
        int kills = 0;
        foreach (string call in _calls)
        {
            for (int nth = 1; await KillAsync(verb, call, nth); nth++)
            {
                kills++;
                AssertWhole($"{verb} killed at {call} {nth}");
                Assert.Equal(0, (await RunAsync("uninstall")).Exit);
                Assert.Equal("", Node());
            }
        }
        Assert.True(kills > 3, $"only {kills} kills: has strace met the calls?");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // The configuration waits for a node service, and there is none: what runs here places plugins, and takes away all.
    private async Task<bool> KillAsync(string verb, string call, int nth)
    {
        Directory.CreateDirectory(Path.Combine(_root, "bin"));
        Directory.CreateDirectory(Path.Combine(_root, "net.d"));
        if (verb == "uninstall")
        {
            Write("bin/margay-cni", "old plugin");
            Write("net.d/10-margay.conflist", """{"plugins":[{"type":"margay-cni"}]}""");
        }
        string[] limit = verb == "install" ? ["timeout", "3"] : [];
        string[] command = [.. limit, "strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=SIGKILL:when={nth}", .. Installer(verb)];
        var (exit, _, _) = await Shell.RunAsync(command[0], command[1..]);
        return exit == 137;
    }

    private void AssertWhole(string when)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_root, "bin")).Where(file => Path.GetFileName(file)[0] != '.'))
            Assert.True(File.ReadAllText(file) is "new plugin" or "old plugin" or "new portmap", $"{when}: {file} is torn");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_root, "net.d"), "*.conflist"))
            Assert.True(File.ReadAllText(file).EndsWith('}'), $"{when}: {file} is torn");
    }

    private string Node() => string.Join(' ', Directory.EnumerateFileSystemEntries(Path.Combine(_root, "bin")).Concat(Directory.EnumerateFileSystemEntries(Path.Combine(_root, "net.d"))));

    private Task<(int Exit, string Output, string Error)> RunAsync(string verb) => Shell.RunAsync(Installer(verb)[0], Installer(verb)[1..]);

    private string[] Installer(string verb) =>
    [
        RepositoryFolder.In("artifacts", "dist", "margay-cni-installer"), verb, "--source", Path.Combine(_root, "plugins"),
        "--config", Path.Combine(_root, "config", "10-margay.conflist"), "--bin-dir", Path.Combine(_root, "bin"), "--conf-dir", Path.Combine(_root, "net.d"),
    ];

    private void Write(string path, string text)
    {
        path = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
