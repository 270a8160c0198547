using System.Text.Json.Nodes;
using Margay.Lab.Processes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>
/// The testbed with three nodes, Margay and the demo shop: made for the tests and removed afterwards. <c>MARGAY_TESTBED</c> names one
/// that is there, with all of this, and stays.
/// </summary>
public sealed class Testbed : IAsyncLifetime
{
    /// <summary>Tests of one collection run one after the other: some kill what others need.</summary>
    public const string OneAtATime = "one cluster";

    private const string Variable = "MARGAY_TESTBED";
    private static readonly string? _given = Environment.GetEnvironmentVariable(Variable);

    private readonly string[] _which = ["--name", Name];

    internal static string Name => _given ?? "cluster";

    /// <summary>The administrator's kubeconfig.</summary>
    internal string Kubeconfig { get; private set; } = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (_given is null)
        {
            await RunAsync("up", "--nodes", "3");
            await RunAsync("margay");
            await RunAsync("shop");
        }
        await Command.RequireAsync(RepositoryFolder.In("eng", "publish"), ["margay"], Stop);
        Kubeconfig = (await RunAsync("kubeconfig")).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (_given is null) await CleanUp.RunAsync([.. _which, "down"]);
    }

    /// <summary>A command of <c>./testbed</c>; it has to succeed.</summary>
    internal Task<string> RunAsync(params string[] arguments) =>
        Command.RequireAsync(RepositoryFolder.In("testbed"), [.. _which, .. arguments], Stop);

    /// <summary>kubectl, which has to succeed.</summary>
    internal Task<string> KubectlAsync(params string[] arguments) => RunAsync(["kubectl", .. arguments]);

    /// <summary>kubectl, which may fail: the API server may be away.</summary>
    internal Task<CommandResult> TryKubectlAsync(params string[] arguments) => TryAsync(["kubectl", .. arguments]);

    /// <summary>kubectl for what has to be taken back also when the test was cancelled; it has to succeed.</summary>
    internal Task CleanUpAsync(params string[] arguments) => CleanUp.RunAsync([.. _which, "kubectl", .. arguments]);

    /// <summary>Creates or changes what the manifest says.</summary>
    internal Task ApplyAsync(string manifest) =>
        Command.RequireAsync(RepositoryFolder.In("testbed"), [.. _which, "kubectl", "apply", "-f", "-"], Stop, manifest);

    /// <summary>What kubectl lists, as objects.</summary>
    internal async Task<IReadOnlyList<JsonNode>> ListAsync(params string[] arguments)
    {
        var list = JsonNode.Parse(await KubectlAsync(["get", .. arguments, "-o", "json"]))!;
        return [.. list["items"]!.AsArray().Select(item => item!)];
    }

    private Task<CommandResult> TryAsync(params string[] arguments) =>
        Command.RunAsync(RepositoryFolder.In("testbed"), [.. _which, .. arguments], Stop);
}
