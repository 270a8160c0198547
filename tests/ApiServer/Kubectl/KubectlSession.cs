namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>One kubectl working in a namespace of its own.</summary>
internal sealed class KubectlSession : IAsyncDisposable
{
    private readonly KubectlProgram _program;
    private readonly KubectlCluster _cluster;

    private KubectlSession(KubectlProgram program, KubectlCluster cluster, string ns)
    {
        _program = program;
        _cluster = cluster;
        Namespace = ns;
    }

    public string Namespace { get; }

    public bool IsDebian => _program.Name == "debian";

    /// <summary>Starts with a fresh namespace.</summary>
    public static async Task<KubectlSession> StartAsync(KubectlCluster cluster, string program)
    {
        var session = new KubectlSession(KubectlProgram.All.Single(p => p.Name == program), cluster, $"t-{Guid.NewGuid():n}"[..12]);
        await session.Ok("create", "namespace", session.Namespace);
        return session;
    }

    /// <summary>Runs a command that must succeed; gives what it printed.</summary>
    public async Task<string> Ok(params string[] arguments)
    {
        var result = await RunAsync(arguments, null, null);
        Assert.True(result.Exit == 0, $"kubectl {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Runs a command that must fail; gives its errors.</summary>
    public async Task<string> Fails(params string[] arguments)
    {
        var result = await RunAsync(arguments, null, null);
        Assert.True(result.Exit != 0, $"kubectl {string.Join(' ', arguments)} should fail: {result}");
        return result.Errors;
    }

    /// <summary>Runs a command with a manifest on its standard input; arguments must name <c>-f -</c>.</summary>
    public async Task<string> OkWith(string manifest, params string[] arguments)
    {
        var result = await RunAsync(arguments, manifest, null);
        Assert.True(result.Exit == 0, $"kubectl {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Runs any command.</summary>
    public async Task<KubectlResult> RunAsync(string[] arguments, string? input, string? editor)
    {
        // A command that waits for something that never comes would hang the whole run.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            return await _program.RunAsync(
                _cluster.Kubeconfig, Path.Combine(_cluster.Folder, _program.Name), ["-n", Namespace, .. arguments], input, editor, patience.Token);
        }
        catch (OperationCanceledException e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"kubectl {string.Join(' ', arguments)} did not end.", e);
        }
    }

    /// <summary>Starts a command that keeps running.</summary>
    public KubectlWatch Watch(params string[] arguments) =>
        new(_program.Start(_cluster.Kubeconfig, Path.Combine(_cluster.Folder, _program.Name), ["-n", Namespace, .. arguments]));

    public async ValueTask DisposeAsync() => await RunAsync(["delete", "namespace", Namespace, "--wait=false"], null, null);
}
