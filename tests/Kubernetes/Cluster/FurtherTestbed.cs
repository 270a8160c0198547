using Margay.Lab.Processes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>A testbed of one test, beside that of all: for what would take the network from others.</summary>
internal sealed class FurtherTestbed : IAsyncDisposable
{
    private readonly string[] _which;

    private FurtherTestbed(string name) => _which = ["--name", name];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts it. What an earlier run left of it is taken down before.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Those of <c>./testbed up</c>.</param>
    public static async Task<FurtherTestbed> UpAsync(string name, params string[] arguments)
    {
        var testbed = new FurtherTestbed(name);
        await testbed.RunAsync("down");
        try
        {
            await testbed.RunAsync(["up", .. arguments]);
        }
        catch
        {
            await testbed.DisposeAsync();
            throw;
        }
        return testbed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CleanUp.RunAsync([.. _which, "down"]);

    /// <summary>A command of <c>./testbed</c>; it has to succeed.</summary>
    public Task<string> RunAsync(params string[] arguments) => Command.RequireAsync(RepositoryFolder.In("testbed"), [.. _which, .. arguments], Stop);

    /// <summary>kubectl, which has to succeed.</summary>
    public Task<string> KubectlAsync(params string[] arguments) => RunAsync(["kubectl", .. arguments]);

    /// <summary>kubectl, which may fail.</summary>
    public Task<CommandResult> TryKubectlAsync(params string[] arguments) =>
        Command.RunAsync(RepositoryFolder.In("testbed"), [.. _which, "kubectl", .. arguments], Stop);

    /// <summary>Creates or changes what the manifest says, when the API server has all of its kinds: a new one is served a moment after it is established.</summary>
    public Task ApplyAsync(string manifest) => Until.FineAsync(async () =>
    {
        var result = await Command.RunAsync(RepositoryFolder.In("testbed"), [.. _which, "kubectl", "apply", "-f", "-"], Stop, input: manifest);
        if (result.ExitCode != 0 && !result.Error.Contains("no matches for kind", StringComparison.Ordinal)) throw new InvalidOperationException(result.Error);
        return result.ExitCode == 0 ? null : result.Error;
    });

    /// <summary>Creates or changes Margay's definitions.</summary>
    public async Task ApplyDefinitionsAsync()
    {
        await KubectlAsync("apply", "-f", RepositoryFolder.In("deploy", "crds"));
        await KubectlAsync("wait", "--for=condition=Established", "--timeout=300s", "-f", RepositoryFolder.In("deploy", "crds"));
    }

    /// <summary>Imports the images of an installation, which the testbed of all tests was made with.</summary>
    public async Task LoadMargayAsync()
    {
        foreach (string image in (string[])["node", "cni", "server"])
            await RunAsync("load", RepositoryFolder.In("artifacts", "images", $"margay-{image}.tar"));
    }
}
