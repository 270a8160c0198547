using System.Collections.Immutable;
using System.Text;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Rendering;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>
/// What decides about an endpoint in one direction: tiers, their policies, the profiles. Endpoints with the same binding
/// share one chain, so two hundred pods of a deployment cost one.
/// </summary>
internal sealed class Binding
{
    public Binding(PolicyDirection direction, ImmutableArray<TierBinding> tiers, ImmutableArray<PolicyId> profiles)
    {
        Direction = direction;
        Tiers = tiers;
        Profiles = profiles;
        Chain = Names.Binding(Describe(), direction);
    }

    public PolicyDirection Direction { get; }

    public ImmutableArray<TierBinding> Tiers { get; }

    public ImmutableArray<PolicyId> Profiles { get; }

    /// <summary>The chain's name: a hash of all of the above.</summary>
    public string Chain { get; }

    /// <summary>How many endpoints have it.</summary>
    public int Users { get; set; }

    /// <summary>The groups that its chain leads to, directly or through others, as they were last rendered.</summary>
    public List<PolicyNode> Groups { get; set; } = [];

    /// <summary>The unions that those are guarded by, as they were last taken.</summary>
    public List<string> Unions { get; set; } = [];

    /// <summary>Whether the ports of policies had a say in how they were grouped.</summary>
    public bool ByPorts { get; set; }

    public bool Uses(HashSet<PolicyId> policies) =>
        Profiles.Any(policies.Contains) || Tiers.Any(tier => tier.Policies.Any(policies.Contains));

    private string Describe()
    {
        // Names of the API contain no line breaks, so this text is the binding and nothing else.
        var text = new StringBuilder().Append(Direction).Append('\n');
        foreach (var tier in Tiers)
        {
            text.Append("tier ").Append(tier.Name).Append(' ').Append(tier.DefaultAction).Append(tier.Reject ? " reject\n" : "\n");
            foreach (var policy in tier.Policies) text.Append(policy).Append('\n');
        }
        text.Append("profiles\n");
        foreach (var profile in Profiles) text.Append(profile).Append('\n');
        return text.ToString();
    }
}
