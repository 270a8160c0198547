using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>All policies and profiles, and their chains: one for each direction that has rules.</summary>
/// <param name="table">Where the chains go.</param>
/// <param name="ipSets">The sets that rules name.</param>
internal sealed class Policies(DesiredTable table, IpSets ipSets)
{
    private readonly Dictionary<PolicyId, CompiledPolicy> _policies = [];
    private readonly HashSet<PolicyId> _dirty = [];

    /// <summary>Policies of which endpoints' chains see something new since this was last cleared.</summary>
    public HashSet<PolicyId> Reshaped { get; } = [];

    /// <summary>Policies that differ from outside in the ports of their filter only, since this was last cleared.</summary>
    public HashSet<PolicyId> OtherPorts { get; } = [];

    public CompiledPolicy? Find(PolicyId id) => _policies.GetValueOrDefault(id);

    public void Update(PolicyUpdate update)
    {
        if (_policies.TryGetValue(update.Id, out var known)) known.Source = update;
        else _policies[update.Id] = new CompiledPolicy { Source = update };
        _dirty.Add(update.Id);
    }

    public void Remove(PolicyId id)
    {
        if (!_policies.Remove(id, out var policy)) return;
        _dirty.Remove(id);
        Reshaped.Add(id);
        foreach (string chain in policy.Chains) table.RemoveChain(chain);
    }

    /// <summary>Everything must be rendered anew: the settings changed.</summary>
    public void MarkAll() => _dirty.UnionWith(_policies.Keys);

    /// <summary>Renders what changed, and what names a set that got another name.</summary>
    public void Render(NodeSettings settings)
    {
        if (ipSets.Renamed.Count > 0)
            _dirty.UnionWith(_policies.Where(pair => pair.Value.IpSets.Overlaps(ipSets.Renamed)).Select(static pair => pair.Key));
        ipSets.Renamed.Clear();
        foreach (var id in _dirty) Render(_policies[id], settings);
        _dirty.Clear();
    }

    private void Render(CompiledPolicy policy, NodeSettings settings)
    {
        var stale = policy.Chains.ToHashSet();
        policy.Chains.Clear();
        policy.IpSets.Clear();
        var ingress = Render(policy, PolicyDirection.Ingress, policy.Source.Ingress, settings);
        var egress = Render(policy, PolicyDirection.Egress, policy.Source.Egress, settings);
        foreach (string chain in stale)
        {
            if (!policy.Chains.Contains(chain)) table.RemoveChain(chain);
        }
        if (!SameShape(ingress, policy.Ingress) || !SameShape(egress, policy.Egress)) Reshaped.Add(policy.Source.Id);
        else if (ingress != policy.Ingress || egress != policy.Egress) OtherPorts.Add(policy.Source.Id);
        policy.Ingress = ingress;
        policy.Egress = egress;
    }

    private static bool SameShape(CompiledDirection now, CompiledDirection? before) =>
        before is not null && now.HasRules == before.HasRules && now.CanPass == before.CanPass && now.Filter.Addresses?.Key == before.Filter.Addresses?.Key;

    private CompiledDirection Render(CompiledPolicy policy, PolicyDirection direction, ImmutableArray<PolicyRule> rules, NodeSettings settings)
    {
        string name = Names.Policy(policy.Source.Id, direction);
        // The kernel sees no HTTP requests: a rule about them matches nothing here, else it would let all of them pass.
        rules = rules.RemoveAll(static rule => rule.Http is not null);
        // Profiles have no tier to pass: what is not allowed there is denied.
        if (policy.Source.Id.Kind == PolicyKind.Profile)
            rules = [.. rules.Select(static rule => rule.Action == RuleAction.Pass ? rule with { Action = RuleAction.Deny } : rule)];
        if (rules.IsEmpty) return new CompiledDirection(name, false, false, PolicyFilter.Of(direction, rules));
        var context = new RenderContext(settings, (id, family, kind) =>
        {
            policy.IpSets.Add(id);
            return ipSets.NameOf(id, family, kind);
        });
        var rendered = ImmutableArray.CreateBuilder<NftRule>();
        foreach (var rule in rules)
        {
            foreach (var condition in RuleCondition.Render(rule, context)) rendered.Add(RuleActions.Render(condition, rule, context));
        }
        policy.Chains.Add(name);
        table.PutChain(new NftChain(name, Comment: $"{policy.Source.Id} {direction.ToString().ToLowerInvariant()}"), rendered.ToImmutable(), context.Sets);
        return new CompiledDirection(name, true, rules.Any(static rule => rule.Action == RuleAction.Pass), PolicyFilter.Of(direction, rules));
    }
}
