using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>Renders what happens to a packet that a rule matches.</summary>
internal static class RuleActions
{
    /// <summary>
    /// The mark bit that says "the tier is passed". It is set by a Pass rule and cleared by the endpoint's chain when the tier ends,
    /// so no packet carries it out of our table.
    /// </summary>
    internal const uint PassMark = 0x0001_0000;

    internal static NftRule Render(ImmutableArray<NftExpression> condition, PolicyRule rule, RenderContext context)
    {
        var builder = new RuleBuilder().Add(condition).Counter();
        string comment = rule.Id.ToString();
        return rule.Action switch
        {
            RuleAction.Allow => builder.Then(NftVerdict.Accept, comment),
            RuleAction.Deny => Deny(builder, rule.Reject || context.Settings.RejectInsteadOfDrop, comment),
            RuleAction.Pass => builder.SetMark(PassMark, true).Then(NftVerdict.Return, comment),
            _ => builder.Add(new NftLog($"{context.Settings.LogPrefix}: ")).Build(comment),
        };
    }

    internal static NftRule Deny(RuleBuilder builder, bool reject, string comment) =>
        reject ? builder.Add(new NftReject()).Build(comment) : builder.Then(NftVerdict.Drop, comment);
}
