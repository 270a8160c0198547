using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Controllers.Reconciling;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Controllers.Configuration;

/// <summary>Makes the configuration where there is none, and says in its status what the controllers run with.</summary>
internal sealed class ConfigurationController(IResourceStore store, IReadOnlySet<string>? only) : IController
{
    public string Name => "configuration";

    public IReadOnlyCollection<string> Observe(in ResourceUpdate update) =>
        update.Key is { Kind: "KubeControllersConfiguration", Name: ConfigurationReader.Name } ? Keys() : [];

    public IReadOnlyCollection<string> Keys() => [ConfigurationReader.Name];

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken stop)
    {
        var stored = await store.FindAsync<KubeControllersConfiguration>(null, ConfigurationReader.Name, stop)
            ?? await store.CreateAsync(ConfigurationReader.Default, stop);
        var running = ConfigurationReader.Running(stored.Spec, ConfigurationReader.Read(stored.Spec, only));
        if (Same(stored.Status?.RunningConfig, running)) return null;
        stored.Status = new() { RunningConfig = running };
        await store.UpdateStatusAsync(stored, stop);
        return null;
    }

    private static bool Same(KubeControllersConfigurationSpec? a, KubeControllersConfigurationSpec b) =>
        a is not null && JsonNode.DeepEquals(
            JsonSerializer.SerializeToNode(a, ModelJson.Default.KubeControllersConfigurationSpec),
            JsonSerializer.SerializeToNode(b, ModelJson.Default.KubeControllersConfigurationSpec));
}
