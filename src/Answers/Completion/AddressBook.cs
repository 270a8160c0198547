using Margay.Answers.Sources;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Answers.Completion;

/// <summary>
/// Gives addresses to pods that have none yet, as an address manager would: from the enabled pools, else from made-up ones.
/// The same pod gets the same address in every world of a comparison.
/// </summary>
internal sealed class AddressBook
{
    private static readonly IpPrefix[] MadeUp = [IpPrefix.Parse("10.244.0.0/16"), IpPrefix.Parse("fd00:10:244::/64")];

    private readonly Dictionary<(string Namespace, string Name), List<PodIP>> _given = [];
    private readonly HashSet<IpAddr> _taken;
    private readonly IpPrefix[] _pools;
    private readonly Dictionary<IpPrefix, UInt128> _next = [];

    internal AddressBook(IReadOnlyCollection<ResourceSet> worlds)
    {
        var pools = worlds.SelectMany(w => w.Of<IPPool>()).Where(p => p.Spec.Disabled != true)
            .Select(p => IpPrefix.TryParse(p.Spec.Cidr, out var cidr) ? cidr : default).Where(p => p.Length > 0).Distinct().Order().ToArray();
        _pools = pools.Length > 0 ? pools : MadeUp;
        _taken = [.. worlds.SelectMany(w => w.Of<Pod>()).SelectMany(Existing)];
        foreach (var pod in worlds.SelectMany(w => w.Of<Pod>()).Where(p => Existing(p).Any()))
            _given.TryAdd(KeyOf(pod), [.. Existing(pod).Select(a => new PodIP { Ip = a.ToString() })]);
    }

    /// <summary>Gives a pod its addresses, one of each family that there is a pool of, unless it has some.</summary>
    internal void Fill(Pod pod)
    {
        if (pod.Spec.HostNetwork == true || Existing(pod).Any()) return;
        if (!_given.TryGetValue(KeyOf(pod), out var addresses))
            _given.Add(KeyOf(pod), addresses = [.. _pools.GroupBy(p => p.Family).Select(family => new PodIP { Ip = Take(family).ToString() })]);
        pod.Status ??= new PodStatus { Phase = "Running" };
        pod.Status.PodIPs = [.. addresses];
        pod.Status.PodIP = addresses[0].Ip;
    }

    private IpAddr Take(IEnumerable<IpPrefix> pools)
    {
        foreach (var pool in pools)
        {
            // Neither the first nor the last address of a pool, which tools like to keep for themselves.
            var next = _next.GetValueOrDefault(pool, pool.Address.Value + 1);
            while (next < pool.Last.Value)
            {
                var address = IpAddr.FromValue(next++, pool.Family);
                _next[pool] = next;
                if (_taken.Add(address)) return address;
            }
        }
        throw new AnswerException("The address pools have no room for all pods of the manifests.");
    }

    private static (string, string) KeyOf(Pod pod) => (pod.Metadata.Namespace ?? "", pod.Metadata.Name ?? "");

    private static IEnumerable<IpAddr> Existing(Pod pod)
    {
        foreach (string? text in pod.Status?.PodIPs is { Count: > 0 } several ? several.Select(p => (string?)p.Ip) : [pod.Status?.PodIP])
            if (IpAddr.TryParse(text, out var address)) yield return address;
    }
}
