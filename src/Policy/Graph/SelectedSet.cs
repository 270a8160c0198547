using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// A set that a selector fills: with the prefixes of what it matches, or with their ports of one name. Its members are not
/// kept: they are the prefixes of what the index says it matches.
/// </summary>
/// <param name="definition">What it means.</param>
/// <param name="selector">Its number in the index.</param>
/// <param name="index">Knows what the selector matches.</param>
/// <param name="sources">Knows what that contributes.</param>
/// <param name="prefixes">Knows the prefixes, and who else contributes one.</param>
internal sealed class SelectedSet(SetDefinition definition, int selector, LabelIndex index, SourceTable sources, PrefixTable prefixes)
    : IpSetState(definition)
{
    private readonly NamedPortSet? _named = definition as NamedPortSet;

    /// <summary>Its number in the index.</summary>
    public int Selector { get; } = selector;

    /// <summary>True when its members have ports.</summary>
    public bool IsNamed => _named is not null;

    /// <summary>What the item contributes came or went.</summary>
    public void Change(int item, int change)
    {
        if (!IsSent) return;
        foreach (int prefix in sources.PrefixesOf(item)) Change(prefix, item, change);
    }

    /// <summary>One prefix of an item came or went. It matters when nothing else here contributes the same.</summary>
    public void Change(int prefix, int item, int change)
    {
        if (!IsSent) return;
        if (_named is null)
        {
            if (!OthersContribute(prefix, item, 0)) Change(new IpSetMember(prefixes[prefix]), change);
            return;
        }
        var ports = sources.PortsOf(item);
        for (int i = 0; i < ports.Length; i++)
        {
            if (!Counts(ports[i]) || ports.AsSpan(0, i).Contains(ports[i]) || OthersContribute(prefix, item, ports[i].Port)) continue;
            Change(new IpSetMember(prefixes[prefix], ports[i].Protocol, ports[i].Port), change);
        }
    }

    /// <inheritdoc/>
    protected override IpSetMember[] Content()
    {
        int count = 0;
        foreach (int item in index.ItemsOf(Selector))
        {
            if (_named is null) count += sources.PrefixesOf(item).Length;
            else foreach (var port in sources.PortsOf(item)) count += Counts(port) ? sources.PrefixesOf(item).Length : 0;
        }
        var members = new IpSetMember[count];
        int next = 0;
        foreach (int item in index.ItemsOf(Selector))
        {
            foreach (int prefix in sources.PrefixesOf(item))
            {
                if (_named is null) members[next++] = new IpSetMember(prefixes[prefix]);
                else foreach (var port in sources.PortsOf(item))
                    if (Counts(port)) members[next++] = new IpSetMember(prefixes[prefix], port.Protocol, port.Port);
            }
        }
        return Normalize(members);
    }

    private bool Counts(in NamedPort port) => port.Protocol == _named!.Protocol && port.Name == _named.Port;

    /// <summary>Whether another item that the selector matches contributes the prefix, with the port if there is one.</summary>
    private bool OthersContribute(int prefix, int item, ushort port)
    {
        if (prefixes.SharersOf(prefix) is not { } sharers) return false;
        foreach (int other in sharers)
        {
            if (other == item || !index.Matches(Selector, other)) continue;
            if (_named is null) return true;
            foreach (var candidate in sources.PortsOf(other))
                if (candidate.Port == port && Counts(candidate)) return true;
        }
        return false;
    }
}
