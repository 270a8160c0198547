using Margay.Model.Resources;

namespace Margay.Api;

/// <summary>Starts rules: what they do.</summary>
public static class Rules
{
    /// <summary>Connections that match pass.</summary>
    public static RuleBuilder Allow() => new(PolicyAction.Allow);

    /// <summary>Connections that match are dropped.</summary>
    public static RuleBuilder Deny() => new(PolicyAction.Deny);

    /// <summary>Connections that match go on to the next tier.</summary>
    public static RuleBuilder Pass() => new(PolicyAction.Pass);

    /// <summary>Connections that match are logged, and the next rule is looked at.</summary>
    public static RuleBuilder Log() => new(PolicyAction.Log);
}

/// <summary>Writes a rule step by step. Everything that is said must hold together; of lists, one entry.</summary>
public sealed class RuleBuilder
{
    internal RuleBuilder(string action) => Rule = new Rule { Action = action };

    internal Rule Rule { get; }

    private EntityRule Source => Rule.Source ??= new EntityRule();

    private EntityRule Destination => Rule.Destination ??= new EntityRule();

    /// <summary>TCP only, and to these ports when there are any.</summary>
    /// <param name="ports">Destination ports: <c>80</c>, <c>8000:8999</c> or the name of a container's port.</param>
    public RuleBuilder Tcp(params ReadOnlySpan<string> ports) => Over(Protocol.Tcp, ports);

    /// <summary>UDP only, and to these ports when there are any.</summary>
    /// <param name="ports">Destination ports: <c>53</c>, <c>8000:8999</c> or the name of a container's port.</param>
    public RuleBuilder Udp(params ReadOnlySpan<string> ports) => Over(Protocol.Udp, ports);

    /// <summary>One protocol only, and to these ports when there are any.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="ports">Destination ports.</param>
    public RuleBuilder Over(Protocol protocol, params ReadOnlySpan<string> ports)
    {
        Rule.Protocol = protocol;
        foreach (string port in ports) (Destination.Ports ??= []).Add(PolicyPort.Parse(port));
        return this;
    }

    /// <summary>From endpoints and network sets with these labels.</summary>
    /// <param name="selector">Over their labels; null for all in the namespaces.</param>
    /// <param name="namespaces">Over the labels of their namespaces; null: the policy's own namespace, for a cluster's policy all.</param>
    public RuleBuilder From(string? selector, string? namespaces = null)
    {
        (Source.Selector, Source.NamespaceSelector) = (selector, namespaces);
        return this;
    }

    /// <summary>From these prefixes, for example <c>10.0.0.0/8</c>.</summary>
    public RuleBuilder FromNets(params ReadOnlySpan<string> nets)
    {
        (Source.Nets ??= []).AddRange(nets);
        return this;
    }

    /// <summary>To endpoints and network sets with these labels.</summary>
    /// <param name="selector">Over their labels; null for all in the namespaces.</param>
    /// <param name="namespaces">Over the labels of their namespaces; null: the policy's own namespace, for a cluster's policy all.</param>
    public RuleBuilder To(string? selector, string? namespaces = null)
    {
        (Destination.Selector, Destination.NamespaceSelector) = (selector, namespaces);
        return this;
    }

    /// <summary>To these prefixes.</summary>
    public RuleBuilder ToNets(params ReadOnlySpan<string> nets)
    {
        (Destination.Nets ??= []).AddRange(nets);
        return this;
    }

    /// <summary>To the backends of a service, by address, port and protocol; nothing else can be said about the destination then.</summary>
    /// <param name="name">The service.</param>
    /// <param name="namespace">Its namespace; null: the policy's own.</param>
    public RuleBuilder ToService(string name, string? @namespace = null)
    {
        Destination.Services = new ServiceMatch { Name = name, Namespace = @namespace };
        return this;
    }
}
