using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Controllers.LoadBalancers;

/// <summary>An address that a block says a service has.</summary>
/// <param name="Address">The address.</param>
/// <param name="Sequence">To be named at its release, so that a later tenant is safe.</param>
/// <param name="Handle">Under which handle: a service that is made anew under an old name has another.</param>
internal readonly record struct HeldAddress(IpAddr Address, ulong Sequence, string Handle);

/// <summary>Which addresses services have, by the blocks that the watch has told of. Any number may ask.</summary>
internal sealed class HeldAddresses
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(string Service, HeldAddress Held)>> _byBlock = [];
    private readonly Dictionary<string, List<HeldAddress>> _byService = [];

    /// <summary>The services that have addresses.</summary>
    public IReadOnlyCollection<string> Services
    {
        get
        {
            lock (_lock) return [.. _byService.Keys];
        }
    }

    /// <summary>The addresses of a service, <c>NAMESPACE/NAME</c>.</summary>
    public IReadOnlyList<HeldAddress> Of(string service)
    {
        lock (_lock) return _byService.TryGetValue(service, out var held) ? [.. held.OrderBy(h => h.Address)] : [];
    }

    /// <summary>Takes a change of a block.</summary>
    /// <param name="update">The change.</param>
    /// <param name="freed">Whether a service has an address no longer, which another may have now.</param>
    /// <returns>The services whose addresses have changed.</returns>
    public IReadOnlyCollection<string> Apply(in ResourceUpdate update, out bool freed)
    {
        freed = false;
        List<(string Service, HeldAddress Held)> now = [];
        // Most blocks are nodes', and change with every pod: a look at the owners spares opening them.
        if (update.Value is IPAMBlock { Spec.Deleted: false } record && record.Spec.Attributes.Exists(a => a.ActiveOwnerAttrs?.ContainsKey(OwnerAttributes.Service) == true))
        {
            // What cannot be read proves nothing: what was known of it stays.
            if (!BlockRecord.TryRead(record, out var block, out _)) return [];
            now = [.. block.Allocations.Where(IsService).Select(a => (ServiceOf(a.Owner), new HeldAddress(a.Address, a.Sequence, a.Owner.CleanHandle ?? "")))];
        }
        lock (_lock)
        {
            var before = _byBlock.GetValueOrDefault(update.Key.Name) ?? [];
            freed = before.Except(now).Any();
            foreach (var (service, held) in before) Remove(service, held);
            foreach (var (service, held) in now) Add(service, held);
            if (now.Count > 0) _byBlock[update.Key.Name] = now;
            else _byBlock.Remove(update.Key.Name);
            return [.. before.Concat(now).GroupBy(h => h).Where(g => g.Count() == 1).Select(g => g.Key.Service).Distinct()];
        }
    }

    private static bool IsService(GivenAddress given) =>
        !given.Owner.IsCooling && given.Owner[OwnerAttributes.Service] is not null && given.Owner[OwnerAttributes.Namespace] is not null;

    private static string ServiceOf(AllocationOwner owner) => $"{owner[OwnerAttributes.Namespace]}/{owner[OwnerAttributes.Service]}";

    private void Add(string service, HeldAddress held)
    {
        if (!_byService.TryGetValue(service, out var list)) _byService.Add(service, list = []);
        list.Add(held);
    }

    private void Remove(string service, HeldAddress held)
    {
        if (!_byService.TryGetValue(service, out var list)) return;
        list.Remove(held);
        if (list.Count == 0) _byService.Remove(service);
    }
}
