using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>Where a packet comes from or goes to: the host itself, a pod, or the network behind an interface.</summary>
internal sealed record TwinEnd(Pod? Pod = null, string? Interface = null, List<IpAddr>? Addresses = null)
{
    public bool IsHost => Pod is null && Interface is null;
}

/// <summary>What the twin says of a passage: outcome, decider of the hook that decided, and whether connections are tracked.</summary>
internal readonly record struct TwinPassage(string Outcome, string? Decider, bool Tracked);

/// <summary>
/// A packet's way through one host, from the tables of "Host endpoints" in <c>docs/design/policy.md</c>; one object per question.
/// </summary>
internal sealed class HostTwin(IReadOnlyList<Resource> world, string node, TwinEnd from, TwinEnd to, TwinPacket original, TwinPacket translated)
{
    private readonly PolicyTwin _policy = new(world, TwinWorld.Now);
    private bool _denied;
    private bool _decided;
    private bool _accepted;
    private bool _untracked;
    private string? _decider;

    public TwinPassage Ask()
    {
        if (from.IsHost && !(to.Interface is not null)) return End();
        if (from.IsHost)
        {
            Untracked(to, ingress: false);
            if (!_accepted) Normal(to, ingress: false);
            return End();
        }
        Untracked(from, ingress: true);
        if (!_denied && !_accepted) PreDnat(from);
        if (to.IsHost && from.Pod is { } own)
        {
            Workload(own, ingress: false);
            return EndAtHost();
        }
        if (to.IsHost)
        {
            if (!_accepted) Normal(from, ingress: true);
            return End();
        }
        if (!_accepted) Forward(from, ingress: true);
        if (from.Pod is { } sender) Workload(sender, ingress: false);
        if (to.Pod is { } receiver) Workload(receiver, ingress: true);
        Forward(to, ingress: false);
        return End();
    }

    private TwinPassage End() => new(_denied ? "Denied" : _decided ? "Allowed" : "LeftAlone", _decider, !_untracked);

    /// <summary>"then defaultEndpointToHostAction (Drop unless set)"</summary>
    private TwinPassage EndAtHost()
    {
        if (_denied) return End();
        string outcome = Settings()?.DefaultEndpointToHostAction?.ToUpperInvariant() switch { "ACCEPT" => "Allowed", "RETURN" => "LeftAlone", _ => "Denied" };
        return End() with { Outcome = outcome };
    }

    private FelixConfigurationSpec? Settings()
    {
        foreach (var resource in world)
            if (resource is FelixConfiguration { Metadata.Name: "default" } configuration) return configuration.Spec;
        return null;
    }

    /// <summary>The host endpoint for an interface: the first by name that names it, or has one of its addresses and no interface.</summary>
    private TwinParty? Named(TwinEnd end) => end.Interface is null ? null : First(host => string.IsNullOrEmpty(host.Spec.InterfaceName)
        ? end.Addresses!.Exists(a => (host.Spec.ExpectedIPs ?? []).Exists(text => IpAddr.TryParse(text, out var expected) && expected == a))
        : host.Spec.InterfaceName == end.Interface);

    private TwinParty? Everywhere() => First(host => host.Spec.InterfaceName == "*");

    private TwinParty? First(Predicate<HostEndpoint> fits)
    {
        HostEndpoint? first = null;
        foreach (var resource in world)
            if (resource is HostEndpoint host && host.Spec.Node == node && fits(host) && (first is null || string.CompareOrdinal(host.Metadata.Name, first.Metadata.Name) < 0))
                first = host;
        return first is null ? null : TwinParty.From(world, first);
    }

    /// <summary>"`*` has no untracked policy." A failsafe port skips only this hook; so do its answers.</summary>
    private void Untracked(TwinEnd end, bool ingress)
    {
        if (Named(end) is not { } endpoint || !_policy.IsAsked(endpoint, TwinHook.Untracked, ingress)) return;
        Early(endpoint, TwinHook.Untracked, ingress, IsFailsafe(ingress, original, original.DestinationPort) || IsFailsafe(!ingress, original, original.SourcePort));
        _untracked = _accepted;
    }

    /// <summary>"At the pre-DNAT hook `*` also speaks where the named one has no pre-DNAT policy."</summary>
    private void PreDnat(TwinEnd end)
    {
        var named = Named(end);
        var endpoint = named is not null && _policy.IsAsked(named, TwinHook.PreDnat, ingress: true) ? named : Everywhere();
        if (endpoint is not null && _policy.IsAsked(endpoint, TwinHook.PreDnat, ingress: true))
            Early(endpoint, TwinHook.PreDnat, ingress: true, IsFailsafe(true, original, original.DestinationPort));
    }

    private void Early(TwinParty endpoint, TwinHook hook, bool ingress, bool failsafe)
    {
        if (failsafe)
        {
            Note(new TwinAnswer(true, null));
            return;
        }
        if (_policy.AskTiers(endpoint, hook, ingress, original) is not { } answer) return;
        _accepted = answer.Allowed;
        Note(answer);
    }

    private void Normal(TwinEnd end, bool ingress)
    {
        if (_denied || (Named(end) ?? Everywhere()) is not { } endpoint) return;
        Note(IsFailsafe(ingress, translated, translated.DestinationPort)
            ? new TwinAnswer(true, null)
            : _policy.AskTiers(endpoint, TwinHook.Normal, ingress, translated) ?? _policy.AskProfiles(endpoint, ingress, translated));
    }

    /// <summary>Failsafe ports are not asked, and what nothing decides passes.</summary>
    private void Forward(TwinEnd end, bool ingress)
    {
        if (_denied || (Named(end) ?? Everywhere()) is not { } endpoint) return;
        if (_policy.AskTiers(endpoint, TwinHook.Forward, ingress, translated) is { } answer) Note(answer);
    }

    private void Workload(Pod pod, bool ingress)
    {
        if (_denied) return;
        Note(_policy.Ask(pod.Metadata.Namespace!, pod.Metadata.Name!, ingress, translated) ?? new TwinAnswer(false, null));
    }

    private void Note(TwinAnswer answer)
    {
        _decided = true;
        _decider = answer.Decider;
        _denied = !answer.Allowed;
    }

    private static readonly (int Protocol, int Port)[] _inbound = [(6, 22), (17, 68), (6, 179), (6, 2379), (6, 2380), (6, 5473), (6, 6443), (6, 6666), (6, 6667)];
    private static readonly (int Protocol, int Port)[] _outbound = [(17, 53), (17, 67), (6, 179), (6, 2379), (6, 2380), (6, 5473), (6, 6443), (6, 6666), (6, 6667)];

    /// <summary>"upstream's defaults when absent, none for an empty list"; a net is that of the other side.</summary>
    private bool IsFailsafe(bool inbound, TwinPacket packet, int port)
    {
        var given = inbound ? Settings()?.FailsafeInboundHostPorts : Settings()?.FailsafeOutboundHostPorts;
        if (given is null) return (inbound ? _inbound : _outbound).Contains((packet.Protocol, port));
        foreach (var one in given)
        {
            if (TwinNumbers.Protocol(string.IsNullOrEmpty(one.Protocol) ? "TCP" : one.Protocol.ToUpperInvariant()) != packet.Protocol || one.Port != port) continue;
            // For the host's own answers, too, the other side is where the packet goes to.
            var other = Outward ? packet.Destination : packet.Source;
            if (string.IsNullOrEmpty(one.Net) || IpPrefix.Parse(one.Net).Contains(other)) return true;
        }
        return false;
    }

    private bool Outward => from.IsHost;
}
