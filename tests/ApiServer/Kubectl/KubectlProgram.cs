using System.Diagnostics;

namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>
/// A kubectl that the tests run: that of Debian 12 and that of the release after it, both fetched once and kept; none that happens to be
/// installed. <c>MARGAY_KUBECTLS</c> names further ones, by their paths.
/// </summary>
internal sealed record KubectlProgram(string Name, string Path)
{
    private static readonly Lazy<List<KubectlProgram>> Found = new(Find);

    public static IReadOnlyList<KubectlProgram> All => Found.Value;

    public async Task<KubectlResult> RunAsync(string? kubeconfig, string home, IEnumerable<string> arguments, string? input, string? editor, CancellationToken stop)
    {
        using var process = Start(kubeconfig, home, arguments, editor);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var errors = process.StandardError.ReadToEndAsync(stop);
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), stop);
            process.StandardInput.Close();
            await process.WaitForExitAsync(stop);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    public Process Start(string? kubeconfig, string home, IEnumerable<string> arguments, string? editor = null)
    {
        var start = new ProcessStartInfo(Path) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["HOME"] = home;
        start.Environment["KUBECONFIG"] = kubeconfig ?? System.IO.Path.Combine(home, "none");
        if (editor is not null)
            start.Environment["KUBE_EDITOR"] = editor;
        return Process.Start(start)!;
    }

    private static List<KubectlProgram> Find()
    {
        var more = (Environment.GetEnvironmentVariable("MARGAY_KUBECTLS") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return [new("debian", Debian()), new("newer", Newer()), .. more.Select(path => new KubectlProgram(System.IO.Path.GetFileName(path), path))];
    }

    private static string Debian()
    {
        string cache = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "margay", "kubectl-debian");
        string program = System.IO.Path.Combine(cache, "kubectl");
        Directory.CreateDirectory(cache);
        // With fresh lists if those of the machine name a package that is there no more; in place by a rename, when it is whole.
        const string Fetch = """
            set -e
            rm -rf new && mkdir new && cd new
            apt-get -q download kubernetes-client || { apt-get -q update && apt-get -q download kubernetes-client; }
            dpkg -x kubernetes-client_*.deb .
            mv usr/bin/kubectl ../kubectl
            cd .. && rm -rf new
            """;
        return Fetched(program, "sh", ["-c", Fetch], cache);
    }

    private static string Newer() => Fetched(
        System.IO.Path.Combine(Environment.GetEnvironmentVariable("MARGAY_CACHE") ?? "/var/cache/margay", "kubectl-newer"),
        RepositoryFolder.In("eng", "testbed", "newer-kubectl"), [], RepositoryFolder.In());

    private static string Fetched(string program, string command, string[] arguments, string folder)
    {
        if (File.Exists(program)) return program;
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return File.Exists(program) ? program : throw new InvalidOperationException($"{program} could not be fetched: {output}{errors.Result}");
    }
}

internal sealed record KubectlResult(int Exit, string Output, string Errors)
{
    public override string ToString() => $"exit {Exit}\n{Output}\n{Errors}";
}
