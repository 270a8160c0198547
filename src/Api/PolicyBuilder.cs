using Margay.Model.Resources;

namespace Margay.Api;

/// <summary>Starts policies in code.</summary>
public static class Policy
{
    /// <summary>A policy for workloads of one namespace.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="name">The name.</param>
    public static PolicyBuilder<NetworkPolicy> ForNamespace(string @namespace, string name)
    {
        var policy = new NetworkPolicy { Metadata = { Namespace = @namespace, Name = name } };
        return new PolicyBuilder<NetworkPolicy>(policy, policy.Spec);
    }

    /// <summary>A policy for the whole cluster.</summary>
    /// <param name="name">The name.</param>
    public static PolicyBuilder<GlobalNetworkPolicy> ForCluster(string name)
    {
        var policy = new GlobalNetworkPolicy { Metadata = { Name = name } };
        return new PolicyBuilder<GlobalNetworkPolicy>(policy, policy.Spec);
    }
}

/// <summary>Writes a policy step by step; rules keep the order in which they are added.</summary>
/// <typeparam name="T">The kind of policy.</typeparam>
public sealed class PolicyBuilder<T> where T : Resource
{
    private readonly T _policy;
    private readonly PolicySpec _spec;

    internal PolicyBuilder(T policy, PolicySpec spec) => (_policy, _spec) = (policy, spec);

    /// <summary>The tier; without it <c>default</c>.</summary>
    public PolicyBuilder<T> InTier(string tier)
    {
        _spec.Tier = tier;
        return this;
    }

    /// <summary>The place in the tier: lower comes first, a policy without an order last.</summary>
    public PolicyBuilder<T> Order(double order)
    {
        _spec.Order = order;
        return this;
    }

    /// <summary>Which endpoints the policy governs, for example <c>app == 'cart'</c>; without it all of its scope.</summary>
    public PolicyBuilder<T> Selecting(string selector)
    {
        _spec.Selector = selector;
        return this;
    }

    /// <summary>A label of the policy itself.</summary>
    public PolicyBuilder<T> Labelled(string key, string value)
    {
        (_policy.Metadata.Labels ??= [])[key] = value;
        return this;
    }

    /// <summary>Governs incoming connections also without a rule: nothing that no rule allows comes in.</summary>
    public PolicyBuilder<T> IsolateIngress() => Typed(PolicyType.Ingress);

    /// <summary>Governs outgoing connections also without a rule: nothing that no rule allows goes out.</summary>
    public PolicyBuilder<T> IsolateEgress() => Typed(PolicyType.Egress);

    /// <summary>Adds a rule for incoming connections.</summary>
    /// <param name="rule">The rule, started by <see cref="Rules"/>: <c>Rules.Allow().Tcp("80").From("app == 'web'")</c>.</param>
    public PolicyBuilder<T> Ingress(RuleBuilder rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        (_spec.Ingress ??= []).Add(rule.Rule);
        return Typed(PolicyType.Ingress);
    }

    /// <summary>Adds a rule for outgoing connections.</summary>
    /// <param name="rule">The rule, started by <see cref="Rules"/>.</param>
    public PolicyBuilder<T> Egress(RuleBuilder rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        (_spec.Egress ??= []).Add(rule.Rule);
        return Typed(PolicyType.Egress);
    }

    /// <summary>The policy, with the server's defaults.</summary>
    /// <exception cref="InvalidResourceException">The server would refuse it; the exception has every reason.</exception>
    public T Build() => _policy.WithDefaults().Checked();

    private PolicyBuilder<T> Typed(string type)
    {
        _spec.Types ??= [];
        if (!_spec.Types.Contains(type)) _spec.Types.Add(type);
        return this;
    }
}
