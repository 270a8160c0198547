using System.Diagnostics;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>What a kubectl did.</summary>
internal readonly record struct KubectlResult(int Code, string Output, string Errors);

/// <summary>A kubectl with a kubeconfig and a home of its own.</summary>
internal sealed class Kubectl(string program, string kubeconfig, string home)
{
    /// <summary>The one of the cluster's age, for what is not the subject of the test.</summary>
    public static Kubectl Own(ControlPlane cluster) => new(Programs.Kubectls[0], cluster.Admin, cluster.Folder);

    public Task<KubectlResult> RunAsync(params string[] arguments) => RunInputAsync(null, null, arguments);

    /// <summary>Runs and demands success.</summary>
    /// <returns>The output.</returns>
    public Task<string> ExpectAsync(params string[] arguments) => ExpectInputAsync(null, arguments);

    public async Task<string> ExpectInputAsync(string? input, params string[] arguments)
    {
        KubectlResult result = await RunInputAsync(input, null, arguments);
        Assert.True(result.Code == 0, $"kubectl {string.Join(' ', arguments)}: {result.Code}\n{result.Output}\n{result.Errors}");
        return result.Output;
    }

    /// <summary>Runs with something on standard input, and with an editor for <c>edit</c>. Not another RunAsync: texts would be taken for arguments.</summary>
    public async Task<KubectlResult> RunInputAsync(string? input, string? editor, params string[] arguments)
    {
        using Process process = Start(editor, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await errors);
    }

    public Process Start(string? editor, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["HOME"] = home;
        if (editor is not null) start.Environment["KUBE_EDITOR"] = editor;
        return Process.Start(start)!;
    }
}
