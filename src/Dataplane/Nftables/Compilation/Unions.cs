using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Dataplane.Nftables.Sets;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>
/// Kernel sets that hold the members of several IP sets and nets together. They follow their parts member by member, so that a pod
/// that comes or goes is an element here as it is there, and never a rule.
/// </summary>
internal sealed class Unions(DesiredTable table, IpSets ipSets)
{
    private readonly Dictionary<string, Union> _unions = [];
    private readonly Dictionary<IpSetId, HashSet<Union>> _unionsOf = [];

    /// <summary>Unions whose kernel set got another name since this was last cleared.</summary>
    public bool Renamed { get; set; }

    /// <summary>Takes a union for a chain and returns its key.</summary>
    public string Acquire(AddressFilter parts)
    {
        if (!_unions.TryGetValue(parts.Key, out var union))
        {
            _unions[parts.Key] = union = new Union(parts, ipSets);
            foreach (var set in parts.Sets)
            {
                if (!_unionsOf.TryGetValue(set, out var users)) _unionsOf[set] = users = [];
                users.Add(union);
            }
            Fill(union);
        }
        union.Users++;
        return parts.Key;
    }

    /// <summary>Gives it back.</summary>
    public void Release(string key)
    {
        if (!_unions.TryGetValue(key, out var union) || --union.Users > 0) return;
        _unions.Remove(key);
        foreach (var set in union.Parts.Sets)
        {
            if (_unionsOf.TryGetValue(set, out var users) && users.Remove(union) && users.Count == 0) _unionsOf.Remove(set);
        }
        union.RemoveFrom(table);
    }

    /// <summary>Makes every kernel set anew, after IPv6 was switched on or off.</summary>
    public void Remake()
    {
        foreach (var union in _unions.Values)
        {
            union.RemoveFrom(table);
            union.Make(ipSets);
            Fill(union);
        }
    }

    /// <summary>The kernel's set for a family; null when there is nothing in it.</summary>
    public string? NameOf(AddressFilter parts, IpFamily family) => _unions[parts.Key].NameOf(family);

    /// <summary>An IP set changed.</summary>
    public void Follow(IpSetId id, IEnumerable<IpSetMember> added, IEnumerable<IpSetMember> removed)
    {
        if (!_unionsOf.TryGetValue(id, out var unions)) return;
        foreach (var union in unions)
        {
            foreach (var member in removed) union.Remove(member.Prefix, table);
            foreach (var member in added) Renamed |= union.Add(member.Prefix, table);
        }
    }

    private void Fill(Union union)
    {
        union.Put(table);
        foreach (var net in union.Parts.Nets) union.Add(net, table);
        foreach (var member in union.Parts.Sets.SelectMany(ipSets.MembersOf)) union.Add(member.Prefix, table);
    }

    private sealed class Union
    {
        private NetSetHalf _v4 = null!;
        private NetSetHalf? _v6;

        public Union(AddressFilter parts, IpSets ipSets)
        {
            Parts = parts;
            Make(ipSets);
        }

        public AddressFilter Parts { get; }

        public int Users { get; set; }

        public void Make(IpSets ipSets)
        {
            var id = new IpSetId("u:" + Names.Hash(Parts.Key));
            _v4 = new NetSetHalf(id, IpFamily.V4, ipSets.Existing.Contains);
            _v6 = ipSets.Ipv6 ? new NetSetHalf(id, IpFamily.V6, ipSets.Existing.Contains) : null;
        }

        public string? NameOf(IpFamily family) => (family == IpFamily.V4 ? _v4 : _v6)?.Set?.Name;

        public bool Add(IpPrefix prefix, DesiredTable into) => Half(prefix)?.Add(prefix, into) ?? false;

        public void Remove(IpPrefix prefix, DesiredTable from) => Half(prefix)?.Remove(prefix, from);

        public void Put(DesiredTable into)
        {
            _v4.Put(into);
            _v6?.Put(into);
        }

        public void RemoveFrom(DesiredTable from)
        {
            _v4.RemoveFrom(from);
            _v6?.RemoveFrom(from);
        }

        private NetSetHalf? Half(IpPrefix prefix) => prefix.Family == IpFamily.V4 ? _v4 : _v6;
    }
}
