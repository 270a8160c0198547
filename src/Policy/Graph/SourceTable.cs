using System.Runtime.InteropServices;
using Margay.Foundation.Primitives;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// What pods, host endpoints and network sets put into the IP sets that they are in. Most have one address and no named
/// port: that costs eight bytes, beside the address itself. The others have a rich entry.
/// </summary>
internal sealed class SourceTable(PrefixTable prefixes)
{
    private readonly Chunks<Source> _sources = new();
    private readonly List<Rich> _rich = [default];
    private readonly Stack<int> _freeRich = [];
    private int[] _now = new int[16];
    private int _nowCount;

    /// <summary>The number of the only prefix, or 0; unless there is a rich entry, whose place is not 0.</summary>
    private struct Source
    {
        public int Prefix;
        public int Rich;
    }

    private readonly record struct Rich(int[] Prefixes, NamedPort[] Ports);

    /// <summary>The prefixes that the last <see cref="Differs"/> found new.</summary>
    public List<int> Added { get; } = [];

    /// <summary>Those that it missed; the item claims them until <see cref="Settle"/>.</summary>
    public List<int> Removed { get; } = [];

    /// <summary>The numbers of the prefixes of an item, sorted and distinct. Good until the item changes.</summary>
    public ReadOnlySpan<int> PrefixesOf(int item)
    {
        if (item >= _sources.Capacity) return [];
        ref var source = ref _sources[item];
        if (source.Rich != 0) return _rich[source.Rich].Prefixes;
        return source.Prefix == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref source.Prefix, 1);
    }

    /// <summary>The named ports of an item.</summary>
    public NamedPort[] PortsOf(int item) =>
        item < _sources.Capacity && _sources[item].Rich is not 0 and int place ? _rich[place].Ports : [];

    /// <summary>Whether an item's prefixes and ports are others than these; if so <see cref="Replace"/> and <see cref="Settle"/> must follow.</summary>
    public bool Differs(int item, ReadOnlySpan<IpPrefix> to, NamedPort[] ports)
    {
        Added.Clear();
        Removed.Clear();
        Number(to);
        _sources.Reach(item);
        var before = PrefixesOf(item);
        if (!Now.SequenceEqual(before)) Compare(before, Now);
        else if (ports.AsSpan().SequenceEqual(PortsOf(item))) return false;
        return true;
    }

    /// <summary>Gives the item the prefixes that <see cref="Differs"/> was asked about, and the ports.</summary>
    public void Replace(int item, NamedPort[] ports)
    {
        foreach (int id in CollectionsMarshal.AsSpan(Added)) prefixes.Claim(id, item);
        Store(ref _sources[item], Now, ports);
    }

    /// <summary>The item gives up what it has lost.</summary>
    public void Settle(int item)
    {
        foreach (int id in CollectionsMarshal.AsSpan(Removed)) prefixes.Unclaim(id, item);
    }

    /// <summary>Forgets an item.</summary>
    public void Remove(int item)
    {
        foreach (int id in PrefixesOf(item)) prefixes.Unclaim(id, item);
        if (item < _sources.Capacity) Store(ref _sources[item], [], []);
    }

    private ReadOnlySpan<int> Now => _now.AsSpan(0, _nowCount);

    private void Number(ReadOnlySpan<IpPrefix> to)
    {
        if (_now.Length < to.Length) _now = new int[Math.Max(to.Length, _now.Length * 2)];
        for (int i = 0; i < to.Length; i++) _now[i] = prefixes.FindOrAdd(to[i]);
        var now = _now.AsSpan(0, to.Length);
        _nowCount = to.Length;
        if (now.Length < 2) return;
        now.Sort();
        int count = 1;
        for (int i = 1; i < now.Length; i++)
            if (now[i] != now[count - 1]) now[count++] = now[i];
        _nowCount = count;
    }

    /// <summary>Walks both sorted lists at once.</summary>
    private void Compare(ReadOnlySpan<int> before, ReadOnlySpan<int> now)
    {
        int i = 0, j = 0;
        while (i < before.Length || j < now.Length)
        {
            if (j == now.Length || (i < before.Length && before[i] < now[j])) Removed.Add(before[i++]);
            else if (i == before.Length || now[j] < before[i]) Added.Add(now[j++]);
            else (i, j) = (i + 1, j + 1);
        }
    }

    private void Store(ref Source source, ReadOnlySpan<int> now, NamedPort[] ports)
    {
        if (now.Length < 2 && ports.Length == 0)
        {
            if (source.Rich != 0)
            {
                _rich[source.Rich] = default;
                _freeRich.Push(source.Rich);
            }
            source = new Source { Prefix = now.IsEmpty ? 0 : now[0] };
            return;
        }
        if (source.Rich == 0)
        {
            source.Rich = _freeRich.TryPop(out int place) ? place : _rich.Count;
            if (source.Rich == _rich.Count) _rich.Add(default);
        }
        _rich[source.Rich] = new Rich(now.ToArray(), ports);
    }
}
