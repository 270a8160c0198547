using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>
/// Renders a binding's chain: tier by tier a jump to each policy or group of policies, the tier's end, then the profiles, then the drop.
/// A policy's chain accepts, drops, or returns; it returns with the pass mark when a rule passed the tier.
/// </summary>
internal sealed class BindingRenderer(Binding binding, Func<PolicyId, CompiledPolicy?> find, NodeSettings settings, JumpRenderer jumps, Func<PolicyNode, PolicyNode> use)
{
    private readonly ImmutableArray<NftRule>.Builder _rules = ImmutableArray.CreateBuilder<NftRule>();
    private bool _byPorts;

    /// <summary>Whether the ports of policies had a say in how they were grouped.</summary>
    public bool ByPorts => _byPorts;

    public ImmutableArray<NftRule> Render()
    {
        foreach (var tier in binding.Tiers) RenderTier(tier);
        jumps.Render(_rules, Nodes(binding.Profiles));
        var last = binding.Profiles.IsEmpty ? new PolicyId(PolicyKind.Profile, "", "") : binding.Profiles[^1];
        _rules.Add(End(new RuleBuilder(), new RuleId("", last, binding.Direction, -1), false));
        return _rules.ToImmutable();
    }

    private void RenderTier(TierBinding tier)
    {
        var nodes = PolicyTree.Build(binding.Direction, Nodes(tier.Policies), ref _byPorts).ConvertAll(node => use(node));
        bool canPass = nodes.Exists(static node => node.CanPass);
        // A mark that came with the packet says nothing about our tier.
        if (canPass) _rules.Add(new RuleBuilder().SetMark(RuleActions.PassMark, false).Build());
        bool mayBePassed = jumps.Render(_rules, nodes);
        if (tier.DefaultAction == TierDefaultAction.Deny)
            _rules.Add(End(JumpRenderer.UnlessPassed(mayBePassed), new RuleId(tier.Name, tier.Policies[^1], binding.Direction, -1), tier.Reject));
        if (canPass) _rules.Add(new RuleBuilder().SetMark(RuleActions.PassMark, false).Build());
    }

    private NftRule End(RuleBuilder builder, RuleId id, bool reject) =>
        RuleActions.Deny(builder.Counter(), reject || settings.RejectInsteadOfDrop, id.ToString());

    private List<PolicyNode> Nodes(ImmutableArray<PolicyId> policies) =>
    [
        .. policies.Select(id => find(id)?.Of(binding.Direction)).OfType<CompiledDirection>().Where(static policy => policy.HasRules)
            .Select(static policy => new PolicyNode(policy.Chain, policy.CanPass, policy.Filter, [])),
    ];
}
