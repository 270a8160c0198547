using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;

namespace Margay.Policy.Graph;

/// <summary>A set that is made from a list: the backends of a service, or the addresses of nodes.</summary>
internal sealed class BackendSet(SetDefinition definition, HashSet<IpSetMember> members) : IpSetState(definition)
{
    private HashSet<IpSetMember> _members = members;

    /// <summary>The set has exactly these members.</summary>
    public void Replace(HashSet<IpSetMember> members)
    {
        foreach (var member in _members)
            if (!members.Contains(member)) Change(member, -1);
        foreach (var member in members)
            if (!_members.Contains(member)) Change(member, 1);
        _members = members;
    }

    /// <inheritdoc/>
    protected override IpSetMember[] Content() => Normalize([.. _members]);
}
