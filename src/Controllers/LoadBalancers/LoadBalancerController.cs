using System.Collections.Concurrent;
using Margay.Controllers.Configuration;
using Margay.Controllers.Events;
using Margay.Controllers.Hosting;
using Margay.Controllers.Reconciling;
using Margay.Foundation.Primitives;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.LoadBalancers;

/// <summary>Gives services of type LoadBalancer their addresses; a key is a service, <c>NAMESPACE/NAME</c>.</summary>
/// <remarks>
/// The blocks are the truth, the status follows: it shows an address after it is taken and hides it before it is given
/// back, so that no two services ever show one address.
/// </remarks>
internal sealed class LoadBalancerController(
    IResourceStore store, PoolCache pools, LoadBalancerAddresses addresses, SettingsSource settings, EventRecorder events, TimeProvider time, ILogger logger)
    : IController
{
    private readonly ResourceTable<Service> _services = new();
    private readonly ResourceTable<Namespace> _namespaces = new();
    private readonly HeldAddresses _held = new();
    private readonly ConcurrentDictionary<string, byte> _pending = new();

    public string Name => "load-balancer";

    public IReadOnlyCollection<string> Observe(in ResourceUpdate update)
    {
        switch (update.Key.Kind)
        {
            case "Service":
                _services.Apply(update);
                return [ResourceTable<Service>.KeyOf(update.Key)];
            case "Namespace":
                // Its labels matter where a pool selects namespaces.
                _namespaces.Apply(update);
                string inside = update.Key.Name + "/";
                return [.. _pending.Keys.Where(k => k.StartsWith(inside, StringComparison.Ordinal))];
            case "IPAMBlock":
                // What one service gives back another may be waiting for.
                var changed = _held.Apply(update, out bool freed);
                return freed ? [.. changed.Union(_pending.Keys)] : changed;
            default:
                return pools.Apply(update) ? Keys() : [];
        }
    }

    public IReadOnlyCollection<string> Keys() => [.. _services.Keys.Union(_held.Services)];

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken stop)
    {
        if (settings.Current.LoadBalancer is not { } balancer) return null;
        var service = _services[key];
        var plan = LoadBalancerPlan.For(service, balancer.AllServices, _held.Of(key), pools.Pools);
        if (service is null)
        {
            Pending(key, false);
            await ReleaseAsync(key, plan.Release, stop);
            return null;
        }
        if (!plan.Wish.Managed)
        {
            Pending(key, false);
            await LetGoAsync(key, service, plan, stop);
            return null;
        }
        if (plan.Release.Count > 0)
        {
            await EditAsync(service, s => ServiceStatusEdit.Hide(s, [.. plan.Release.Select(r => r.Address)]), stop);
            await ReleaseAsync(key, plan.Release, stop);
        }
        if (plan.Wish.Problem is { } problem)
        {
            await TellAsync(key, service, null, "InvalidRequest", problem, stop);
            return null;
        }
        if (!IsSettled(service, plan)) await AssignAsync(key, service, plan.Wish, stop);
        else Pending(key, false);
        return null;
    }

    private static bool IsSettled(Service service, LoadBalancerPlan plan) =>
        plan.IsComplete && ServiceStatusEdit.ConditionOf(service)?.Status == "True"
        && (service.Status?.LoadBalancer?.Ingress ?? []).Select(e => e.Ip ?? e.Hostname).SequenceEqual(plan.Keep.Select(k => k.Address.ToString()));

    private async Task AssignAsync(string key, Service service, ServiceWish wish, CancellationToken stop)
    {
        var space = _namespaces[service.Metadata.Namespace ?? ""];
        var assignment = await addresses.AssignAsync(service, space, wish, stop);
        IReadOnlyList<IpAddr> shown = [.. assignment.Addresses.OrderBy(a => LoadBalancerPlan.Place(wish, a.Family)).ThenBy(a => a)];
        if (assignment.Refusals is [var refused, ..])
            await TellAsync(key, service, shown, refused.Kind.ToString(), string.Join("; ", assignment.Refusals.Select(r => r.Message)), stop);
        else
            await TellAsync(key, service, shown, null, $"the service has {string.Join(", ", shown)}", stop);
    }

    // No longer ours: the status shows nothing of ours, and says nothing of ours.
    private async Task LetGoAsync(string key, Service service, LoadBalancerPlan plan, CancellationToken stop)
    {
        if (plan.Release.Count == 0 && ServiceStatusEdit.ConditionOf(service) is null) return;
        await EditAsync(service, s => ServiceStatusEdit.Hide(s, [.. plan.Release.Select(r => r.Address)]) | ServiceStatusEdit.DropCondition(s), stop);
        await ReleaseAsync(key, plan.Release, stop);
    }

    private async Task ReleaseAsync(string key, IReadOnlyList<HeldAddress> held, CancellationToken stop)
    {
        if (held.Count == 0) return;
        await addresses.ReleaseAsync(held, stop);
        logger.ServiceGaveBack(key, string.Join(", ", held.Select(h => h.Address)));
    }

    /// <summary>Writes the outcome into the status and, when it is a new one, an event about what is wrong.</summary>
    /// <param name="key">The service.</param>
    /// <param name="service">The service as the watch told it.</param>
    /// <param name="shown">The addresses to show; null leaves those that are there.</param>
    /// <param name="reason">Why something is missing; null when nothing is.</param>
    /// <param name="message">The same for people.</param>
    /// <param name="stop">Ends the attempt.</param>
    private async Task TellAsync(string key, Service service, IReadOnlyList<IpAddr>? shown, string? reason, string message, CancellationToken stop)
    {
        Pending(key, reason is not null);
        bool told = false, moved = false;
        await EditAsync(
            service,
            s =>
            {
                moved = shown is not null && ServiceStatusEdit.Show(s, shown);
                told = ServiceStatusEdit.SetCondition(s, reason is null, reason ?? "Assigned", message, time.GetUtcNow());
                return moved || told;
            },
            stop);
        if (moved && reason is null) logger.ServiceHas(key, string.Join(", ", shown!));
        if (!told || reason is null) return;
        logger.ServiceProblem(key, message);
        await events.WarnAsync(service, "LoadBalancer" + reason, message, stop);
    }

    // The object of the watch is trimmed: what is written is what is stored now, with one part changed.
    private async Task EditAsync(Service service, Func<Service, bool> edit, CancellationToken stop)
    {
        var stored = await store.FindAsync<Service>(service.Metadata.Namespace, service.Metadata.Name!, stop);
        // Gone, or another one under the name: the watch will tell, and then that one is looked at.
        if (stored is null || stored.Metadata.Uid != service.Metadata.Uid || !edit(stored)) return;
        await store.UpdateStatusAsync(stored, stop);
    }

    private void Pending(string key, bool pending)
    {
        if (pending) _pending[key] = 0;
        else _pending.TryRemove(key, out _);
        ControllerMetrics.ServicesWithoutAddress.Set(_pending.Count);
    }
}
