using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>
/// Renders a binding's chain: tier by tier a jump to each policy, the tier's end, then the profiles, then the drop. A policy's chain
/// accepts, drops, or returns; it returns with the pass mark when a rule passed the tier.
/// </summary>
internal sealed class BindingRenderer(Binding binding, Func<PolicyId, CompiledPolicy?> find, NodeSettings settings)
{
    private readonly ImmutableArray<NftRule>.Builder _rules = ImmutableArray.CreateBuilder<NftRule>();

    public ImmutableArray<NftRule> Render()
    {
        foreach (var tier in binding.Tiers) RenderTier(tier);
        foreach (var profile in binding.Profiles)
        {
            if (Direction(profile) is { HasRules: true } rules) _rules.Add(new RuleBuilder().Then(NftVerdict.Jump(rules.Chain)));
        }
        var last = binding.Profiles.IsEmpty ? new PolicyId(PolicyKind.Profile, "", "") : binding.Profiles[^1];
        _rules.Add(End(new RuleBuilder(), new RuleId("", last, binding.Direction, -1)));
        return _rules.ToImmutable();
    }

    private void RenderTier(TierBinding tier)
    {
        var policies = tier.Policies.Select(Direction).OfType<CompiledDirection>().Where(static policy => policy.HasRules).ToList();
        bool canPass = policies.Exists(static policy => policy.CanPass);
        // A mark that came with the packet says nothing about our tier.
        if (canPass) _rules.Add(new RuleBuilder().SetMark(RuleActions.PassMark, false).Build());
        bool mayBePassed = false;
        foreach (var policy in policies)
        {
            _rules.Add(UnlessPassed(mayBePassed).Then(NftVerdict.Jump(policy.Chain)));
            mayBePassed |= policy.CanPass;
        }
        if (tier.DefaultAction == TierDefaultAction.Deny)
            _rules.Add(End(UnlessPassed(mayBePassed), new RuleId(tier.Name, tier.Policies[^1], binding.Direction, -1)));
        if (canPass) _rules.Add(new RuleBuilder().SetMark(RuleActions.PassMark, false).Build());
    }

    private static RuleBuilder UnlessPassed(bool mayBePassed)
    {
        var builder = new RuleBuilder();
        return mayBePassed ? builder.Marked(RuleActions.PassMark, false) : builder;
    }

    private NftRule End(RuleBuilder builder, RuleId id) => RuleActions.Deny(builder.Counter(), settings, id.ToString());

    private CompiledDirection? Direction(PolicyId id) => find(id)?.Of(binding.Direction);
}
