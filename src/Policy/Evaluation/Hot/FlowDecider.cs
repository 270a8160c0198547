using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation.Hot;

/// <summary>The answer of a <see cref="FlowDecider"/>: a <see cref="Verdict"/> without the steps.</summary>
/// <param name="Allowed">Whether the packet passes.</param>
/// <param name="Reason">What ended the search.</param>
/// <param name="Decider">The rule that decided, as in <see cref="Verdict.Decider"/>.</param>
public readonly record struct FlowDecision(bool Allowed, VerdictReason Reason, RuleId? Decider);

/// <summary>
/// The evaluator for who asks often: it says what <see cref="Evaluator"/> says, without the steps, in a microsecond or two and
/// without allocating. It is told what a data plane is told. Rules are filed under the sets and ports that they need, once
/// for all endpoints with the same policies, when they are first asked about. Not for several threads.
/// </summary>
public sealed class FlowDecider
{
    private readonly HotSets _sets = new();
    private readonly Dictionary<PolicyId, (HotRule[] Ingress, HotRule[] Egress)> _policies = [];
    private readonly Dictionary<EndpointId, HotEndpoint> _endpoints = [];
    private readonly Dictionary<TierBinding, HotRules> _ingress = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TierBinding, HotRules> _egress = new(ReferenceEqualityComparer.Instance);
    private readonly SetMarks _from = new();
    private readonly SetMarks _to = new();
    private bool _isFiled;

    /// <summary>Takes records in their order. Records about other things are passed over.</summary>
    /// <exception cref="InvalidOperationException">A difference to a set does not fit the set: records were lost.</exception>
    public void Apply(IEnumerable<DataplaneUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        foreach (var update in updates) Apply(update);
    }

    /// <summary>Decides about the first packet of a connection.</summary>
    /// <param name="endpoint">The endpoint whose policy is asked.</param>
    /// <param name="direction">Ingress when the packet goes to the endpoint.</param>
    /// <param name="packet">The packet.</param>
    public FlowDecision Decide(EndpointId endpoint, PolicyDirection direction, in Packet packet)
    {
        if (!_endpoints.TryGetValue(endpoint, out var hot)) return new FlowDecision(false, VerdictReason.NoEndpoint, null);
        var (tiers, rules, profiles) = hot.Of(direction, this);
        Look(packet);
        for (int i = 0; i < rules.Length; i++)
        {
            if (rules[i].FirstMatch(packet, _from, _to) is { } rule)
            {
                if (rule.Action == RuleAction.Pass) continue;
                return new FlowDecision(rule.Action == RuleAction.Allow, VerdictReason.Rule, rule.Id);
            }
            if (tiers[i].DefaultAction != TierDefaultAction.Pass)
                return new FlowDecision(false, VerdictReason.EndOfTier, new RuleId(tiers[i].Name, tiers[i].Policies[^1], direction, -1));
        }
        if (profiles.FirstMatch(packet, _from, _to) is { } last) return new FlowDecision(last.Action == RuleAction.Allow, VerdictReason.Rule, last.Id);
        var listed = hot.Endpoint.Profiles;
        return new FlowDecision(false, VerdictReason.NoProfile, listed.IsEmpty ? null : new RuleId("", listed[^1], direction, -1));
    }

    /// <summary>The rules of a tier, filed.</summary>
    internal HotRules RulesOf(TierBinding tier, PolicyDirection direction)
    {
        var known = direction == PolicyDirection.Ingress ? _ingress : _egress;
        if (!known.TryGetValue(tier, out var rules)) known.Add(tier, rules = RulesOf(tier.Policies, direction));
        return rules;
    }

    /// <summary>The rules of policies or profiles, filed.</summary>
    internal HotRules RulesOf(ImmutableArray<PolicyId> policies, PolicyDirection direction)
    {
        _isFiled = true;
        return new(policies.SelectMany(id => direction == PolicyDirection.Ingress ? _policies[id].Ingress : _policies[id].Egress));
    }

    private void Look(in Packet packet)
    {
        _from.Clear();
        _to.Clear();
        bool hasPorts = packet.HasPorts;
        _sets.Index.Mark(packet.Source, packet.Protocol, hasPorts ? packet.SourcePort : (ushort)0, _from);
        _sets.Index.Mark(packet.Destination, packet.Protocol, hasPorts ? packet.DestinationPort : (ushort)0, _to);
    }

    private void Apply(DataplaneUpdate update)
    {
        switch (update)
        {
            case IpSetUpdate u: _sets.Set(u); break;
            case IpSetDelta u: _sets.Change(u); break;
            case IpSetRemove u: _sets.Remove(u.Id); break;
            case PolicyUpdate u: SetPolicy(u.Id, u.Ingress, u.Egress); break;
            case PolicyRemove u: RemovePolicy(u.Id); break;
            case ProfileUpdate u: SetPolicy(u.Id, u.Ingress, u.Egress); break;
            case ProfileRemove u: RemovePolicy(u.Id); break;
            case WorkloadEndpointUpdate u: SetEndpoint(u); break;
            case WorkloadEndpointRemove u: _endpoints.Remove(u.Id); break;
        }
    }

    private void SetEndpoint(WorkloadEndpointUpdate endpoint)
    {
        _endpoints[endpoint.Id] = new HotEndpoint(endpoint);
        // What was filed for tiers that no endpoint has any more goes.
        if (_ingress.Count + _egress.Count > 16 + (8 * _endpoints.Count)) Forget();
    }

    private void SetPolicy(PolicyId id, ImmutableArray<PolicyRule> ingress, ImmutableArray<PolicyRule> egress)
    {
        _policies[id] = (Compile(ingress), Compile(egress));
        Forget();
    }

    private HotRule[] Compile(ImmutableArray<PolicyRule> rules) => [.. rules.Select(r => new HotRule(r, _sets.NumberOf))];

    private void RemovePolicy(PolicyId id)
    {
        _policies.Remove(id);
        Forget();
    }

    private void Forget()
    {
        // Many policies change at once; nothing is filed again before the next question.
        if (!_isFiled) return;
        _isFiled = false;
        _ingress.Clear();
        _egress.Clear();
        foreach (var endpoint in _endpoints.Values) endpoint.Forget();
    }
}
