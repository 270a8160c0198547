using System.Text.Json.Nodes;
using Margay.Lab.Api;
using Margay.Lab.Commands;
using Margay.Lab.Manifests;
using Margay.Lab.Matrix;
using Margay.Lab.Topology;
using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>
/// A lab with the world of the scenarios: the published programs, real nodes, real packets. It needs root and what
/// ./quickstart builds (or the directory in MARGAY_LAB_BINARIES); where those are missing the tests fail and say so.
/// </summary>
public sealed class LabFixture : IAsyncLifetime
{
    public const string Lab = "tscene";
    private readonly StringWriter _printed = new();
    private readonly string _root = Directory.CreateTempSubdirectory("margay-scene-").FullName;
    private PacketWorld? _packets;
    private LabApi? _api;

    /// <summary>Why the tests cannot run here; null when they can.</summary>
    public string? Obstacle { get; private set; }

    internal LabApi Api => _api!;

    internal PacketWorld Packets => _packets!;

    internal LabLayout Layout => Options.Layout;

    private LabOptions Options => new() { Name = Lab, StateRoot = $"{_root}/state", RunRoot = $"{_root}/run" };

    public async ValueTask InitializeAsync()
    {
        string binaries = Environment.GetEnvironmentVariable("MARGAY_LAB_BINARIES") ?? FindDist() ?? "";
        Obstacle = !Environment.IsPrivilegedProcess ? "needs root"
            : !File.Exists(Path.Combine(binaries, "margay")) ? "needs the published programs: run ./quickstart, or set MARGAY_LAB_BINARIES"
            : null;
        if (Obstacle is not null) return;
        await DownAsync();
        string manifests = Path.Combine(_root, "world.yaml");
        File.Copy(Path.Combine(Scenario.Folder, "world.yaml"), manifests);
        await File.AppendAllTextAsync(manifests, Outside);
        var up = new LabUpOptions
        {
            Name = Options.Name, StateRoot = Options.StateRoot, RunRoot = Options.RunRoot, Nodes = 3, Binaries = binaries,
            Manifests = [manifests], Patience = TimeSpan.FromSeconds(120),
        };
        int exit = await LabCommands.UpAsync(up, new LabConsole(_printed, _printed), CancellationToken.None);
        Assert.True(exit == 0, _printed.ToString());
        _api = new LabApi(Options.Layout.Kubeconfig);
        var pods = await _api.ListAsync<Pod>(CancellationToken.None);
        _packets = new PacketWorld(MatrixPlan.Sources(pods, Options.Layout), pods, $"{Lab}-internet");
    }

    public async ValueTask DisposeAsync()
    {
        if (_packets is not null) await _packets.DisposeAsync();
        _api?.Dispose();
        if (Obstacle is null) await DownAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Everything that policy depends on, from the API.</summary>
    internal Task<IReadOnlyList<Resource>> StateAsync(CancellationToken stop) => ClusterState.ReadAsync(Api, stop);

    internal async Task ApplyAsync(IEnumerable<JsonObject> resources, CancellationToken stop)
    {
        foreach (var resource in ManifestSet.From(resources).Objects) await Api.ApplyAsync(resource.DeepClone().AsObject(), stop);
    }

    // Policies before the tiers that they are in.
    internal async Task DeleteAsync(IEnumerable<JsonObject> resources, CancellationToken stop)
    {
        foreach (var resource in ManifestSet.From(resources).Objects.Reverse())
        {
            var kind = KindRegistry.Find(resource["apiVersion"]!.ToString(), resource["kind"]!.ToString())!;
            try
            {
                await Api.Store.DeleteAsync(kind, resource["metadata"]!["namespace"]?.ToString(), resource["metadata"]!["name"]!.ToString(), null, stop);
            }
            catch (ApiException failure) when (failure.IsNotFound)
            {
                continue;   // It was refused when it was applied.
            }
        }
    }

    private const string Outside =
        """

        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: far
          annotations: { lab.margay.io/outside: "203.0.113.10" }
        spec:
          containers: [{ name: main, image: sleep, command: [sleep, infinity] }]

        """;

    private async Task DownAsync() =>
        Assert.True(await LabCommands.DownAsync(Options, new LabConsole(_printed, _printed), CancellationToken.None) == 0, _printed.ToString());

    private static string? FindDist()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Margay.slnx"))) return Path.Combine(directory.FullName, "artifacts", "dist");
        }

        return null;
    }
}
