using System.Diagnostics;

namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>A kubectl that the tests run. Debian's is fetched once into the user's cache; one that is installed is run as well.</summary>
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
        var found = new List<KubectlProgram>();
        if (Debian() is { } debian)
            found.Add(new("debian", debian));
        var installed = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => System.IO.Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
        if (installed is not null)
            found.Add(new("installed", installed));
        // Further versions, by their paths.
        var more = (Environment.GetEnvironmentVariable("MARGAY_KUBECTLS") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        found.AddRange(more.Select(path => new KubectlProgram(System.IO.Path.GetFileName(path), path)));
        return found;
    }

    private static string? Debian()
    {
        var cache = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "margay", "kubectl-debian");
        var program = System.IO.Path.Combine(cache, "usr", "bin", "kubectl");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(cache);
            var fetch = new ProcessStartInfo("sh", ["-c", "apt-get download kubernetes-client && dpkg -x kubernetes-client_*.deb . && rm -f kubernetes-client_*.deb"])
            {
                WorkingDirectory = cache,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(fetch)!;
            process.WaitForExit();
        }

        return File.Exists(program) ? program : null;
    }
}

internal sealed record KubectlResult(int Exit, string Output, string Errors)
{
    public override string ToString() => $"exit {Exit}\n{Output}\n{Errors}";
}
