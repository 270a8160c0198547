using System.Text.Json;
using Margay.Lab.Api;
using Margay.Lab.Topology;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Lab.Control;

/// <summary>The lab's controller manager: gives pods nodes, services endpoints, and the name server its names.</summary>
internal sealed class LabController(LabApi api, LabLayout layout)
{
    private readonly Dictionary<ResourceKey, Resource> _state = [];
    private readonly Dictionary<ResourceKey, string> _written = [];
    private string? _hosts;

    public async Task RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(layout.DnsHosts);
        var informer = new Informer(
            api.Store,
            [
                new InformerSource(KindRegistry.Of<Pod>()), new InformerSource(KindRegistry.Of<Model.Resources.Node>()),
                new InformerSource(KindRegistry.Of<Service>()), new InformerSource(KindRegistry.Of<Endpoints>()),
                new InformerSource(KindRegistry.Of<EndpointSlice>()),
            ],
            new InformerOptions { Trim = _ => { } });
        var following = informer.RunAsync(stop);
        bool complete = false;
        await foreach (var batch in informer.Batches.ReadAllAsync(stop))
        {
            foreach (var update in batch.Updates) Accept(update);
            complete |= batch.InSync;
            if (complete && !informer.Batches.TryPeek(out _)) await ReconcileAsync(stop);
        }

        await following;
    }

    private void Accept(ResourceUpdate update)
    {
        if (update.Value is { } value) _state[update.Key] = value;
        else _state.Remove(update.Key);
    }

    private async Task ReconcileAsync(CancellationToken stop)
    {
        try
        {
            await ScheduleAsync(stop);
            await WriteEndpointsAsync(stop);
            await WriteHostsAsync(stop);
        }
        catch (Exception failure) when (failure is ApiException or LabException or HttpRequestException)
        {
            // What could not be written is tried again with the next event; a conflict brings one by itself.
            Console.WriteLine($"{DateTimeOffset.UtcNow:O} {failure.Message}");
            _written.Clear();
        }
    }

    private IEnumerable<T> All<T>() where T : Resource => _state.Values.OfType<T>();

    private async Task ScheduleAsync(CancellationToken stop)
    {
        foreach (var (pod, node) in Scheduling.Assign([.. All<Pod>()], [.. All<Model.Resources.Node>()]))
        {
            await api.BindAsync(pod, node, stop);
            pod.Spec.NodeName = node;
        }
    }

    private async Task WriteEndpointsAsync(CancellationToken stop)
    {
        var pods = All<Pod>().ToList();
        var wanted = new HashSet<ResourceKey>();
        foreach (var service in All<Service>().Where(service => service.Spec.Selector is { Count: > 0 }).ToList())
        {
            var backends = ServicePorts.Backends(service, pods);
            await WriteAsync(EndpointsBuilder.Endpoints(service, backends), stop);
            foreach (var slice in EndpointsBuilder.Slices(service, backends))
            {
                wanted.Add(slice.Key);
                await WriteAsync(slice, stop);
            }
        }

        foreach (var slice in All<EndpointSlice>().Where(IsOurs).Where(slice => !wanted.Contains(slice.Key)).ToList())
        {
            try
            {
                await api.Store.DeleteAsync<EndpointSlice>(slice.Metadata.Namespace, slice.Metadata.Name!, null, stop);
            }
            catch (ApiException failure) when (failure.IsNotFound)
            {
                _written.Remove(slice.Key);
            }
        }
    }

    private static bool IsOurs(EndpointSlice slice) =>
        slice.Metadata.Labels?.GetValueOrDefault(EndpointsBuilder.ManagedByLabel) == EndpointsBuilder.Manager;

    private async Task WriteAsync<T>(T value, CancellationToken stop) where T : Resource
    {
        string text = JsonSerializer.Serialize(value, KindRegistry.Of<T>().Typed);
        _state.TryGetValue(value.Key, out var existing);
        if (existing is not null && _written.GetValueOrDefault(value.Key) == text) return;
        value.Metadata.ResourceVersion = existing?.Metadata.ResourceVersion;
        _state[value.Key] = existing is null ? await api.Store.CreateAsync(value, stop) : await api.Store.UpdateAsync(value, stop);
        _written[value.Key] = text;
    }

    private async Task WriteHostsAsync(CancellationToken stop)
    {
        string text = DnsHosts.Render(All<Service>(), [.. All<Pod>()]);
        if (text == _hosts) return;

        // In place: the name server watches the directory for files that were written and closed.
        await File.WriteAllTextAsync(Path.Combine(layout.DnsHosts, "services"), text, stop);
        _hosts = text;
    }
}
