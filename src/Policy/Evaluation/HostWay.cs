using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>One packet's way through a host: the hooks that were asked, and whether it got on. After a denial nothing is asked.</summary>
internal sealed class HostWay(CompiledState state, HostEndpointChoice endpoints, HostPassage passage)
{
    private readonly ImmutableArray<HookVerdict>.Builder _hooks = ImmutableArray.CreateBuilder<HookVerdict>();
    private bool _denied;
    private bool _untracked;

    /// <summary>Whether workloads are asked as if staged policies were enforced.</summary>
    public bool IsPending { get; init; }

    /// <summary>True when a rule of an early hook allowed the packet: the later hooks of that side are skipped.</summary>
    public bool IsAccepted { get; private set; }

    private NodeSettings Settings => state.Settings ?? new NodeSettings();

    /// <summary>What every packet meets that comes in: the untracked hook, then the one before address translation.</summary>
    public void Arrive()
    {
        AskUntracked(passage.From, PolicyDirection.Ingress);
        if (_denied || IsAccepted || endpoints.At(passage.From, PolicyHook.PreDnat) is not { } endpoint) return;
        var tiers = endpoint.PreDnat.Ingress;
        AskEarly(endpoint, PolicyHook.PreDnat, PolicyDirection.Ingress, tiers, Failsafes.Open(Settings, PolicyDirection.Ingress, passage.Packet));
    }

    /// <summary>The hook before connection tracking.</summary>
    public void AskUntracked(PassageEnd end, PolicyDirection direction)
    {
        if (endpoints.At(end, PolicyHook.Untracked) is not { } endpoint) return;
        bool failsafe = Failsafes.OpenUntracked(Settings, direction, passage.Packet);
        AskEarly(endpoint, PolicyHook.Untracked, direction, endpoint.Untracked.Of(direction), failsafe);
        _untracked = IsAccepted;
    }

    /// <summary>The hook for the host's own traffic, or for what it forwards.</summary>
    public void Ask(PassageEnd end, PolicyHook hook, PolicyDirection direction)
    {
        if (_denied || endpoints.At(end, hook) is not { } endpoint) return;
        var walk = new PolicyWalk(state, direction, passage.Translated);
        var verdict = hook switch
        {
            PolicyHook.Forward => walk.Tiers(endpoint.Forward.Of(direction)) ?? walk.Decide(true, VerdictReason.Undecided),
            _ when Failsafes.Open(Settings, direction, passage.Translated) => walk.Decide(true, VerdictReason.Failsafe),
            _ => walk.Tiers(endpoint.Normal.Of(direction)) ?? walk.Profiles(endpoint.Profiles),
        };
        Note(new HookVerdict(hook, direction, endpoint.Id, null, verdict));
    }

    /// <summary>A workload's own policy.</summary>
    public void AskWorkload(EndpointId workload, PolicyDirection direction)
    {
        if (_denied) return;
        var verdict = new Evaluator(state).EvaluateStaged(workload, direction, passage.Translated);
        Note(new HookVerdict(null, direction, null, workload, IsPending ? verdict.Pending : verdict.Enforced));
    }

    /// <summary>The sum of what was asked.</summary>
    public PassageVerdict End()
    {
        bool decided = _hooks.Any(h => h.Verdict.Reason != VerdictReason.Undecided);
        var outcome = _denied ? PassageOutcome.Denied : decided ? PassageOutcome.Allowed : PassageOutcome.LeftAlone;
        return new PassageVerdict(outcome, !_untracked, _hooks.ToImmutable(), null);
    }

    /// <summary>The sum for traffic of a workload to its own host: when its policy allows it, the node's setting decides.</summary>
    public PassageVerdict EndAt(EndpointToHostAction action) => _denied ? End() : End() with
    {
        EndpointToHost = action,
        Outcome = action switch
        {
            EndpointToHostAction.Accept => PassageOutcome.Allowed,
            EndpointToHostAction.Return => PassageOutcome.LeftAlone,
            _ => PassageOutcome.Denied,
        },
    };

    /// <summary>An early hook: it is there only where policies are, and what they leave open the later hooks decide.</summary>
    private void AskEarly(HostEndpointUpdate endpoint, PolicyHook hook, PolicyDirection direction, ImmutableArray<TierBinding> tiers, bool failsafe)
    {
        if (_denied || tiers.IsEmpty) return;
        var walk = new PolicyWalk(state, direction, passage.Packet);
        var decided = failsafe ? walk.Decide(true, VerdictReason.Failsafe) : walk.Tiers(tiers);
        IsAccepted = decided is { Allowed: true, Reason: VerdictReason.Rule };
        Note(new HookVerdict(hook, direction, endpoint.Id, null, decided ?? walk.Decide(true, VerdictReason.Undecided)));
    }

    private void Note(HookVerdict verdict)
    {
        _hooks.Add(verdict);
        _denied = !verdict.Verdict.Allowed;
    }
}
