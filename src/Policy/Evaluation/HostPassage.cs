using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Policy.Evaluation;

/// <summary>An interface of a host that is no workload's, with the addresses it has.</summary>
/// <param name="Name">The interface's name.</param>
/// <param name="Addresses">Its addresses, by which an endpoint without an interface name finds it.</param>
public sealed record HostInterface(string Name, ImmutableArray<IpAddr> Addresses);

/// <summary>Where a packet comes from or goes to, seen from one host.</summary>
public abstract record PassageEnd
{
    private PassageEnd()
    {
    }

    /// <summary>A process of the host itself.</summary>
    public sealed record Host : PassageEnd;

    /// <summary>The network behind an interface of the host.</summary>
    /// <param name="At">The interface.</param>
    public sealed record Beyond(HostInterface At) : PassageEnd;

    /// <summary>A workload of the host.</summary>
    /// <param name="Endpoint">Its endpoint.</param>
    public sealed record Workload(EndpointId Endpoint) : PassageEnd;
}

/// <summary>A packet's passage through one host.</summary>
/// <param name="From">Where it comes from.</param>
/// <param name="To">Where it goes to, once its destination has been translated.</param>
/// <param name="Packet">The packet as it arrives, or as the host's process sends it.</param>
public sealed record HostPassage(PassageEnd From, PassageEnd To, Packet Packet)
{
    /// <summary>The packet once its destination has been translated; the same when nothing translates it.</summary>
    public Packet Translated { get; init; } = Packet;
}

/// <summary>What became of a packet at a host.</summary>
public enum PassageOutcome
{
    /// <summary>Policy let it pass.</summary>
    Allowed,

    /// <summary>Policy drops it.</summary>
    Denied,

    /// <summary>No policy governs it here: whatever else the host does with packets decides.</summary>
    LeftAlone,
}

/// <summary>The answer of one hook.</summary>
/// <param name="Hook">The hook of a host endpoint; null for a workload's own policy.</param>
/// <param name="Direction">The direction, seen from the endpoint.</param>
/// <param name="HostEndpoint">The host endpoint that was asked; null for a workload.</param>
/// <param name="Workload">The workload that was asked; null for a host endpoint.</param>
/// <param name="Verdict">What it said.</param>
public sealed record HookVerdict(
    PolicyHook? Hook, PolicyDirection Direction, HostEndpointId? HostEndpoint, EndpointId? Workload, Verdict Verdict);

/// <summary>The answer for a passage.</summary>
/// <param name="Outcome">What became of the packet.</param>
/// <param name="IsTracked">False when an untracked policy allowed it: then answers need their own rules.</param>
/// <param name="Hooks">Every hook that was asked, in order.</param>
/// <param name="EndpointToHost">What the node does with traffic of its workloads to itself, when it came to that.</param>
public sealed record PassageVerdict(
    PassageOutcome Outcome, bool IsTracked, ImmutableArray<HookVerdict> Hooks, EndpointToHostAction? EndpointToHost)
{
    /// <summary>True unless policy drops the packet.</summary>
    public bool Passes => Outcome != PassageOutcome.Denied;

    /// <summary>The hook that denied, else the last one that decided anything; null when none did.</summary>
    public HookVerdict? Decisive =>
        Hooks.FirstOrDefault(h => !h.Verdict.Allowed) ?? Hooks.LastOrDefault(h => h.Verdict.Reason != VerdictReason.Undecided);
}
