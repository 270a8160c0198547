using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Hosts;

/// <summary>
/// The lists that packets of a host's own processes run through, hook by hook. They mirror <see cref="HostEvaluator"/>, which is
/// the definition; the tests hold the two together. Nothing is translated on the way: connections are to the host's own address.
/// </summary>
internal sealed class HostProgram
{
    /// <summary>Rules that are no policy's; nobody is told of them.</summary>
    private static readonly PolicyId _failsafes = new(PolicyKind.Profile, "", "failsafe");

    private readonly CompiledState _state;
    private readonly NodeSettings _settings;
    private readonly PolicyDirection _direction;
    private readonly List<PolicyProgram.Stage> _stages = [];

    private HostProgram(CompiledState state, PolicyDirection direction)
    {
        _state = state;
        _settings = state.Settings ?? new NodeSettings();
        _direction = direction;
    }

    /// <summary>Between the network and the host: untracked, pre-DNAT (ingress only), normal.</summary>
    internal static HostProgramParts Network(HostEndpointChoice choice, HostPlace place, PolicyDirection direction)
    {
        var beyond = new PassageEnd.Beyond(place.At);
        var normal = choice.At(beyond, PolicyHook.Normal);
        return new HostProgramParts(
            direction, false, choice.At(beyond, PolicyHook.Untracked)?.Untracked.Of(direction) ?? [],
            direction == PolicyDirection.Ingress ? choice.At(beyond, PolicyHook.PreDnat)?.PreDnat.Ingress ?? [] : [],
            normal?.Normal.Of(direction), normal?.Profiles ?? []);
    }

    /// <summary>From the host's own pods, beside their egress policy: pre-DNAT of <c>*</c>, then the node's setting.</summary>
    internal static HostProgramParts OwnPods(HostEndpointChoice choice) => new(
        PolicyDirection.Ingress, true, [], choice.At(new PassageEnd.Workload(default), PolicyHook.PreDnat)?.PreDnat.Ingress ?? [], null, []);

    /// <summary>Puts a program together.</summary>
    internal static PolicyProgram Read(CompiledState state, HostProgramParts parts)
    {
        var program = new HostProgram(state, parts.Direction);
        if (parts.IsOwnPods)
        {
            // What pre-DNAT policy allows is not allowed by that: the setting is asked in any case.
            program.Early(parts.PreDnat, program.Failsafe(answers: false), after: 0);
            program._stages.Add(new PolicyProgram.Stage([], program.EndpointToHost(), true));
            return new PolicyProgram([.. program._stages]);
        }
        program.Early(parts.Untracked, [.. program.Failsafe(answers: false), .. program.Failsafe(answers: true)], null);
        program.Early(parts.PreDnat, program.Failsafe(answers: false), null);
        if (parts.Normal is { } normal) program.Normal(normal, parts.Profiles);
        // In the other world of a comparison the address may have no policy.
        else program._stages.Add(new PolicyProgram.Stage([], Ruling.NoPolicy, true));
        return new PolicyProgram([.. program._stages]);
    }

    private Ruling EndpointToHost() => _settings.EndpointToHost switch
    {
        EndpointToHostAction.Accept => new Ruling(true, VerdictReason.EndpointToHost, null),
        EndpointToHostAction.Return => new Ruling(true, VerdictReason.Undecided, null),
        _ => new Ruling(false, VerdictReason.EndpointToHost, null),
    };

    /// <summary>An early hook: failsafe ports skip it, what it leaves open the next decides.</summary>
    /// <param name="tiers">The hook's tiers; without any it is not there.</param>
    /// <param name="failsafe">The failsafe ports, as rules.</param>
    /// <param name="after">Null: what a rule allows is decided. Else it goes on that many stages after the hook.</param>
    private void Early(ImmutableArray<TierBinding> tiers, ImmutableArray<PolicyRule> failsafe, int? after)
    {
        if (tiers.IsEmpty) return;
        int end = _stages.Count + 1 + tiers.Length;
        _stages.Add(new PolicyProgram.Stage(failsafe, null, false) { AllowedGoTo = end });
        foreach (var tier in tiers) _stages.Add(PolicyProgram.Tier(_state, _direction, tier) with { AllowedGoTo = end + after });
    }

    private void Normal(ImmutableArray<TierBinding> tiers, ImmutableArray<PolicyId> profiles)
    {
        _stages.Add(new PolicyProgram.Stage(Failsafe(answers: false), null, false) { AllowedAs = new Ruling(true, VerdictReason.Failsafe, null) });
        foreach (var tier in tiers) _stages.Add(PolicyProgram.Tier(_state, _direction, tier));
        _stages.Add(PolicyProgram.Profiles(_state, _direction, profiles));
    }

    /// <summary>
    /// The failsafe ports as rules; the prefix is that of the other side. Answers come from the ports of the other direction,
    /// which matters before connection tracking alone.
    /// </summary>
    private ImmutableArray<PolicyRule> Failsafe(bool answers)
    {
        bool ingress = _direction == PolicyDirection.Ingress;
        var ports = ingress != answers ? _settings.FailsafeInbound : _settings.FailsafeOutbound;
        return [.. ports.Select(port =>
        {
            ImmutableArray<PortRange> number = [new(port.Port, port.Port)];
            ImmutableArray<Foundation.Primitives.IpPrefix> net = port.Net is { } one ? [one] : [];
            return new PolicyRule
            {
                Id = new RuleId("", _failsafes, _direction, -1),
                Action = RuleAction.Allow,
                Protocol = port.Protocol,
                Source = new EntityMatch { Ports = answers ? number : [], Nets = ingress ? net : [] },
                Destination = new EntityMatch { Ports = answers ? [] : number, Nets = ingress ? [] : net },
            };
        })];
    }
}
