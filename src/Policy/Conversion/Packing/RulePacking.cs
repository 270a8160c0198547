using Margay.Model.Resources;

namespace Margay.Policy.Conversion.Packing;

/// <summary>Rules of <c>projectcalico.org/v3</c> policies; each type's writer and reader name the same fields in the same order.</summary>
internal static class RulePacking
{
    internal static void Write(SpecWriter to, Rule rule)
    {
        to.Text(rule.Action);
        to.Number(rule.IpVersion);
        Write(to, rule.Protocol);
        Write(to, rule.Icmp);
        Write(to, rule.NotProtocol);
        Write(to, rule.NotICMP);
        if (to.Has(rule.Source is not null)) Write(to, rule.Source!);
        if (to.Has(rule.Destination is not null)) Write(to, rule.Destination!);
        if (to.Has(rule.Http is not null)) Write(to, rule.Http!);
        if (to.Has(rule.Metadata is not null)) to.Map(rule.Metadata!.Annotations);
    }

    internal static Rule ReadRule(SpecReader from) => new()
    {
        Action = from.Text()!,
        IpVersion = from.Number(),
        Protocol = ReadProtocol(from),
        Icmp = ReadIcmp(from),
        NotProtocol = ReadProtocol(from),
        NotICMP = ReadIcmp(from),
        Source = from.Maybe(ReadEntity),
        Destination = from.Maybe(ReadEntity),
        Http = from.Maybe(ReadHttp),
        Metadata = from.Maybe(static f => new RuleMetadata { Annotations = f.Map() }),
    };

    private static void Write(SpecWriter to, EntityRule entity)
    {
        to.Texts(entity.Nets);
        to.Text(entity.Selector);
        to.Text(entity.NamespaceSelector);
        if (to.Has(entity.Services is not null)) Write(to, entity.Services!);
        to.List(entity.Ports, Write);
        to.Texts(entity.NotNets);
        to.Text(entity.NotSelector);
        to.List(entity.NotPorts, Write);
        if (to.Has(entity.ServiceAccounts is not null)) Write(to, entity.ServiceAccounts!);
    }

    private static EntityRule ReadEntity(SpecReader from) => new()
    {
        Nets = from.Texts(),
        Selector = from.Text(),
        NamespaceSelector = from.Text(),
        Services = from.Maybe(static f => new ServiceMatch { Name = f.Text(), Namespace = f.Text() }),
        Ports = from.List(ReadPort),
        NotNets = from.Texts(),
        NotSelector = from.Text(),
        NotPorts = from.List(ReadPort),
        ServiceAccounts = from.Maybe(static f => new ServiceAccountMatch { Names = f.Texts(), Selector = f.Text() }),
    };

    private static void Write(SpecWriter to, ServiceMatch match)
    {
        to.Text(match.Name);
        to.Text(match.Namespace);
    }

    private static void Write(SpecWriter to, ServiceAccountMatch match)
    {
        to.Texts(match.Names);
        to.Text(match.Selector);
    }

    private static void Write(SpecWriter to, PolicyPort port)
    {
        to.Text(port.Name);
        if (port.Name is not null) return;
        to.Number(port.First);
        to.Number(port.Last);
    }

    private static PolicyPort ReadPort(SpecReader from) =>
        from.Text() is { } name ? PolicyPort.Named(name) : PolicyPort.Range(from.Number()!.Value, from.Number()!.Value);

    private static void Write(SpecWriter to, Protocol? protocol)
    {
        if (!to.Has(protocol is not null)) return;
        to.Text(protocol!.Value.Name);
        if (protocol.Value.Name is null) to.Number(protocol.Value.Number);
    }

    private static Protocol? ReadProtocol(SpecReader from) =>
        !from.Has() ? null : from.Text() is { } name ? Protocol.Parse(name) : Protocol.FromNumber(from.Number()!.Value);

    private static void Write(SpecWriter to, IcmpFields? icmp)
    {
        if (!to.Has(icmp is not null)) return;
        to.Number(icmp!.Type);
        to.Number(icmp.Code);
    }

    private static IcmpFields? ReadIcmp(SpecReader from) => from.Maybe(static f => new IcmpFields { Type = f.Number(), Code = f.Number() });

    private static void Write(SpecWriter to, HttpMatch http)
    {
        to.Texts(http.Methods);
        to.List(http.Paths, static (t, path) =>
        {
            t.Text(path.Exact);
            t.Text(path.Prefix);
        });
    }

    private static HttpMatch ReadHttp(SpecReader from) => new()
    {
        Methods = from.Texts(),
        Paths = from.List(static f => new Model.Resources.HttpPath { Exact = f.Text(), Prefix = f.Text() }),
    };
}
