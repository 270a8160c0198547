using System.Globalization;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>Where policy is asked.</summary>
internal enum TwinHook
{
    Normal,
    Untracked,
    PreDnat,
    Forward,
}

/// <summary>What the twin says: whether the packet passes, and what decided, written as <c>RuleId</c> writes itself.</summary>
internal readonly record struct TwinAnswer(bool Allowed, string? Decider, bool Rejected = false);

/// <summary>
/// All policy for pods, read off the resources when the question is asked: plain loops, no graph, no sets, nothing compiled,
/// nothing remembered. Written from the documentation and <c>docs/design/policy.md</c>, not from the code, and to stay so.
/// Only for resources without mistakes.
/// </summary>
/// <param name="world">All resources.</param>
/// <param name="now">When the question is asked.</param>
internal sealed class PolicyTwin(IReadOnlyList<Resource> world, DateTimeOffset now = default)
{
    /// <summary>A policy of any kind, with what the tiers need to know of it.</summary>
    private sealed record Standing(string Tier, double Order, string Tie, string Id, Resource Policy);

    /// <summary>The answer at a pod; null when the pod is no endpoint.</summary>
    public TwinAnswer? Ask(string @namespace, string name, bool ingress, TwinPacket packet)
    {
        foreach (var resource in world)
            if (resource is Pod pod && pod.Metadata.Namespace == @namespace && pod.Metadata.Name == name && TwinParty.From(world, pod) is { } party)
                return Ask(party, ingress, packet);
        return null;
    }

    private TwinAnswer Ask(TwinParty pod, bool ingress, TwinPacket packet) => AskTiers(pod, TwinHook.Normal, ingress, packet) ?? AskProfiles(pod, ingress, packet);

    /// <summary>Whether any policy has a say about an endpoint at a hook.</summary>
    public bool IsAsked(TwinParty party, TwinHook hook, bool ingress)
    {
        foreach (var resource in world)
            if (Stand(resource, hook, ingress) is not null && Selects(resource, party)) return true;
        return false;
    }

    /// <summary>What the tiers say of a pod or host endpoint; null when none of them decides.</summary>
    public TwinAnswer? AskTiers(TwinParty pod, TwinHook hook, bool ingress, TwinPacket packet)
    {
        var selecting = new List<Standing>();
        foreach (var resource in world)
            if (Stand(resource, hook, ingress) is { } standing && Selects(resource, pod)) selecting.Add(standing);
        selecting.Sort(Compare);

        int next = 0;
        while (next < selecting.Count)
        {
            string tier = selecting[next].Tier;
            TwinAnswer? answer = null;
            bool passed = false;
            var last = selecting[next];
            for (; next < selecting.Count && selecting[next].Tier == tier; next++)
            {
                last = selecting[next];
                if (answer is not null || passed) continue;
                var (action, index) = FirstThatDecides(last.Policy, pod, ingress, packet);
                if (action == "Pass") passed = true;
                else if (action is not null) answer = new TwinAnswer(action == "Allow", Text(tier, last.Id, ingress, index), action == "Reject");
            }
            if (answer is not null) return answer.Value;
            // "The ends of tiers at the early hooks are Pass, whatever the tier says."
            string? end = hook is TwinHook.Untracked or TwinHook.PreDnat ? "Pass" : Find(tier)?.Spec.DefaultAction;
            if (!passed && end != "Pass") return new TwinAnswer(false, Text(tier, last.Id, ingress, -1), end == "Reject");
        }
        return null;
    }

    public TwinAnswer AskProfiles(TwinParty pod, bool ingress, TwinPacket packet)
    {
        foreach (string name in pod.Profiles)
        {
            Profile? given = null;
            bool implied = false;
            foreach (var resource in world)
            {
                if (resource is Profile profile && profile.Metadata.Name == name) given = profile;
                implied |= resource is Namespace && name == $"kns.{resource.Metadata.Name}";
            }
            if (given is null && implied) return new TwinAnswer(true, Text("-", $"profile:{name}", ingress, 0));
            if (given is null) continue;
            var (action, index) = FirstThatDecides(given, pod, ingress, packet);
            if (action is not null) return new TwinAnswer(action == "Allow", Text("-", $"profile:{name}", ingress, index));
        }
        return new TwinAnswer(false, pod.Profiles.Count == 0 ? null : Text("-", $"profile:{pod.Profiles[^1]}", ingress, -1));
    }

    private static string Text(string tier, string id, bool ingress, int index) => $"{tier}/{id}/{(ingress ? "ingress" : "egress")}/{index}";

    /// <summary>"Tiers by order, none last, then name; policies by order, none last, then by the text name/namespace/kind."</summary>
    private int Compare(Standing one, Standing other)
    {
        if (one.Tier != other.Tier)
        {
            var (first, second) = (Find(one.Tier), Find(other.Tier));
            int byExistence = (first is null).CompareTo(second is null);
            if (byExistence != 0) return byExistence;
            int byTierOrder = (first?.Spec.Order ?? double.PositiveInfinity).CompareTo(second?.Spec.Order ?? double.PositiveInfinity);
            return byTierOrder != 0 ? byTierOrder : string.CompareOrdinal(one.Tier, other.Tier);
        }
        int byOrder = one.Order.CompareTo(other.Order);
        return byOrder != 0 ? byOrder : string.CompareOrdinal(one.Tie, other.Tie);
    }

    private Tier? Find(string name)
    {
        foreach (var resource in world)
            if (resource is Tier tier && tier.Metadata.Name == name) return tier;
        return null;
    }

    private static TwinHook HookOf(Resource resource) => resource switch
    {
        GlobalNetworkPolicy { Spec.DoNotTrack: true } => TwinHook.Untracked,
        GlobalNetworkPolicy { Spec.PreDNAT: true } => TwinHook.PreDnat,
        _ => TwinHook.Normal,
    };

    /// <summary>Where a policy stands for a direction; null for what is no policy for pods, or not for this direction.</summary>
    private Standing? Stand(Resource resource, TwinHook hook, bool ingress)
    {
        if (HookOf(resource) is var own && own != hook && !(hook == TwinHook.Forward && own == TwinHook.Normal)) return null;
        if (hook == TwinHook.Forward && resource is not GlobalNetworkPolicy { Spec.ApplyOnForward: true }) return null;
        if (hook == TwinHook.PreDnat && !ingress) return null;
        string? name = resource.Metadata.Name;
        string? ns = resource.Metadata.Namespace;
        return resource switch
        {
            NetworkPolicy policy when Governs(policy.Spec, ingress) && IsInForce(policy.Spec) =>
                Stand(policy.Spec, $"{name}/{ns}/NetworkPolicy", $"np:{ns}/{name}", policy),
            GlobalNetworkPolicy policy when Governs(policy.Spec, ingress) && IsInForce(policy.Spec) =>
                Stand(policy.Spec, $"{name}//GlobalNetworkPolicy", $"gnp:{name}", policy),
            KubeNetworkPolicy policy when TwinKubernetes.Governs(policy.Spec, ingress) =>
                new Standing("default", 1000, $"{name}/{ns}/KubernetesNetworkPolicy", $"knp:{ns}/{name}", policy),
            ClusterNetworkPolicy policy when (ingress ? policy.Spec.Ingress?.Count : policy.Spec.Egress?.Count) > 0 =>
                new Standing(
                    policy.Spec.Tier == "Admin" ? "kube-admin" : "kube-baseline", policy.Spec.Priority ?? 0,
                    $"{name}//KubernetesClusterNetworkPolicy", $"kcnp:{name}", policy),
            _ => null,
        };
    }

    /// <summary>"Outside of its time a policy is as if it were not there; from ≤ now &lt; until."</summary>
    private bool IsInForce(PolicySpec spec) =>
        (spec.ValidFrom is not { } from || DateTimeOffset.Parse(from, CultureInfo.InvariantCulture) <= now)
        && (spec.ValidUntil is not { } until || now < DateTimeOffset.Parse(until, CultureInfo.InvariantCulture));

    private static Standing Stand(PolicySpec spec, string tie, string id, Resource policy) => new(
        string.IsNullOrEmpty(spec.Tier) ? "default" : spec.Tier, spec.Order ?? double.PositiveInfinity, tie, id, policy);

    /// <summary>"No types: ingress unless there are egress rules only, egress when there are any."</summary>
    private static bool Governs(PolicySpec spec, bool ingress)
    {
        if (spec.Types is { Count: > 0 } types) return types.Contains(ingress ? "Ingress" : "Egress");
        bool anyIngress = spec.Ingress is { Count: > 0 };
        bool anyEgress = spec.Egress is { Count: > 0 };
        return ingress ? anyIngress || !anyEgress : anyEgress;
    }

    private static bool Selects(Resource policy, TwinParty pod) => policy switch
    {
        NetworkPolicy p => p.Metadata.Namespace == pod.Namespace && Selects(p.Spec, pod),
        GlobalNetworkPolicy p => (string.IsNullOrEmpty(p.Spec.NamespaceSelector) || pod.IsInNamespaces(p.Spec.NamespaceSelector)) && Selects(p.Spec, pod),
        KubeNetworkPolicy p => p.Metadata.Namespace == pod.Namespace && TwinKubernetes.Matches(p.Spec.PodSelector, pod.Label),
        ClusterNetworkPolicy p => pod.IsPod && TwinKubernetes.IsSubject(p.Spec.Subject!, pod),
        _ => false,
    };

    private static bool Selects(PolicySpec spec, TwinParty pod) =>
        TwinSelector.Matches(spec.Selector ?? "", pod.Label)
        && TwinSelector.Matches(spec.ServiceAccountSelector ?? "", pod.AccountLabel);

    /// <summary>The first rule that matches and does not only log: its action, as v3 calls it, and its place in the list.</summary>
    private (string? Action, int Index) FirstThatDecides(Resource policy, TwinParty pod, bool ingress, TwinPacket packet)
    {
        var kubernetes = new TwinKubernetes(world, packet);
        switch (policy)
        {
            case KubeNetworkPolicy { Spec: var spec } when ingress:
                for (int i = 0; i < (spec.Ingress?.Count ?? 0); i++)
                    if (kubernetes.Matches(pod.Namespace!, spec.Ingress![i].From, spec.Ingress[i].Ports, ingress)) return ("Allow", i);
                return (null, -1);
            case KubeNetworkPolicy { Spec: var spec }:
                for (int i = 0; i < (spec.Egress?.Count ?? 0); i++)
                    if (kubernetes.Matches(pod.Namespace!, spec.Egress![i].To, spec.Egress[i].Ports, ingress)) return ("Allow", i);
                return (null, -1);
            case ClusterNetworkPolicy { Spec: var spec } when ingress:
                for (int i = 0; i < spec.Ingress!.Count; i++)
                    if (kubernetes.Matches(spec.Ingress[i], spec.Ingress[i].From!, ingress)) return (Action(spec.Ingress[i]), i);
                return (null, -1);
            case ClusterNetworkPolicy { Spec: var spec }:
                for (int i = 0; i < spec.Egress!.Count; i++)
                    if (kubernetes.Matches(spec.Egress[i], spec.Egress[i].To!, ingress)) return (Action(spec.Egress[i]), i);
                return (null, -1);
            default:
                var rules = policy switch
                {
                    NetworkPolicy p => ingress ? p.Spec.Ingress : p.Spec.Egress,
                    GlobalNetworkPolicy p => ingress ? p.Spec.Ingress : p.Spec.Egress,
                    Profile p => ingress ? p.Spec.Ingress : p.Spec.Egress,
                    _ => null,
                } ?? [];
                var matching = new TwinRules(world, policy.Metadata.Namespace, packet);
                for (int i = 0; i < rules.Count; i++)
                    if (rules[i].Action != "Log" && matching.Matches(rules[i])) return (rules[i].Action, i);
                return (null, -1);
        }
    }

    private static string? Action(ClusterNetworkPolicyRule rule) => rule.Action == "Accept" ? "Allow" : rule.Action;
}
