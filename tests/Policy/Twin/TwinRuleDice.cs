using System.Globalization;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>Random parts of v3 policies, valid ones only.</summary>
internal sealed class TwinRuleDice(TwinDice dice)
{
    private static readonly string[] _selectors =
    [
        "app == 'a'", "app != 'a'", "has(tier)", "!has(app)", "all()", "!all()", "app in {'a', 'b'}", "app not in {'a','c'}", "tier contains 'o'",
        "app == \"b\" || tier == 'front'", "(app == 'a' && has(tier)) || !(app == 'b')", "tier starts with 'fr'", "tier ends with 'nt'",
        "role == 'net'", "projectcalico.org/namespace == 'red'", "pcns.env == 'prod'", "pcsa.role == 'r'", "projectcalico.org/orchestrator == 'k8s'",
        "has(projectcalico.org/serviceaccount)", "app notin {'a'}", "tier startswith 'b' && app != 'b'", "!has(tier) && !has(role)", "host == 'edge'",
        "global()", "pcns.projectcalico.org/name == 'blue'", "x == 'y'", "app in {}", "app not in {}", "has(app) && !(app in {'a'}) || role == 'net'",
    ];

    private static readonly string[] _namespaceSelectors =
    [
        "env == 'prod'", "env != 'prod'", "all()", "global()", "projectcalico.org/name == 'red'", "!has(env)", "has(team)", "env in {'dev','prod'}",
        "all() && team == 'x'", "global() || env == 'dev'", "!global()", "!all()", "projectcalico.org/name in {'blue', 'green'}",
    ];

    public string? Selector(int percent) => dice.Maybe(percent, _selectors);

    public string? NamespaceSelector(int percent) => dice.Maybe(percent, _namespaceSelectors);

    public string? AccountSelector(int percent) => dice.Maybe(percent, "role == 'r'", "role != 'r'", "has(role)", "projectcalico.org/name == 'sa1'", "!has(role)");

    public Rule Rule(bool ingress, bool namespaced, bool profile = false)
    {
        var rule = new Rule
        {
            Action = profile ? dice.Pick("Allow", "Deny", "Log", "Allow") : dice.Pick("Allow", "Allow", "Allow", "Deny", "Deny", "Pass", "Pass", "Log"),
            IpVersion = dice.Next(8) switch { 0 => 4, 1 => 6, _ => null },
        };
        bool ports = false;
        if (rule.Action == "Allow" && dice.OnceIn(20)) rule.Http = new HttpMatch { Methods = ["GET"] };
        switch (rule.Http is null ? dice.Next(8) : 0)
        {
            case 0 or 1 or 2: rule.Protocol = rule.Http is not null ? Protocol.Tcp : dice.Pick(Protocol.Tcp, Protocol.Udp, Protocol.Sctp, Protocol.FromNumber(6), Protocol.Tcp); ports = true; break;
            case 3: Icmp(rule); break;
            case 4: rule.NotProtocol = dice.Pick(Protocol.Tcp, Protocol.Udp, Protocol.Icmp, Protocol.IcmpV6, Protocol.FromNumber(47)); break;
            case 5: rule.Protocol = dice.Pick(Protocol.FromNumber(47), Protocol.UdpLite, Protocol.FromNumber(1), Protocol.FromNumber(58)); break;
        }
        if (ports && rule.Http is null && dice.OnceIn(6)) rule.NotProtocol = dice.Pick(Protocol.Udp, Protocol.Tcp);
        // One rule names one family at most.
        bool six = rule.IpVersion == 6 || (rule.IpVersion is null && rule.Protocol?.Number != 1 && dice.OnceIn(3));
        if (rule.Protocol?.Number == 58) six = true;
        rule.Source = Side(ports, six, isDestination: false, ingress, namespaced);
        rule.Destination = Side(ports, six, isDestination: true, ingress, namespaced);
        return rule;
    }

    private void Icmp(Rule rule)
    {
        bool six = rule.IpVersion == 6 || (rule.IpVersion is null && dice.OnceIn(2));
        rule.Protocol = six ? Protocol.IcmpV6 : Protocol.Icmp;
        rule.IpVersion = dice.OnceIn(2) ? null : six ? 6 : 4;
        IcmpFields Fields() => new() { Type = dice.Pick(8, 0, 128), Code = dice.OnceIn(2) ? dice.Next(2) : null };
        if (dice.OnceIn(2)) rule.Icmp = Fields();
        if (dice.OnceIn(3)) rule.NotICMP = Fields();
    }

    private EntityRule? Side(bool ports, bool six, bool isDestination, bool ingress, bool namespaced)
    {
        if (dice.OnceIn(2)) return null;
        bool services = (isDestination && !ingress) || (!isDestination && ingress);
        if (services && dice.OnceIn(7))
        {
            return new EntityRule
            {
                Services = new ServiceMatch { Name = dice.Pick("svc", "db"), Namespace = namespaced && dice.OnceIn(2) ? null : dice.Pick("red", "blue") },
                Ports = ports && !isDestination && dice.OnceIn(2) ? [Port()] : null,
            };
        }
        string[] nets = six ? ["fd00::/64", "fd00::2/128", "2001:db8::/32", "::/0", "fd00::/126"] : ["10.0.0.0/30", "10.0.0.2/32", "192.0.2.0/24", "0.0.0.0/0", "10.0.0.0/8", "198.51.100.1"];
        return new EntityRule
        {
            Selector = Selector(30),
            NotSelector = Selector(10),
            NamespaceSelector = NamespaceSelector(25),
            Nets = dice.OnceIn(4) ? dice.Many(2, () => dice.Pick<string>(nets)) : null,
            NotNets = dice.OnceIn(6) ? dice.Many(2, () => dice.Pick<string>(nets)) : null,
            Ports = ports && dice.OnceIn(isDestination ? 2 : 8) ? dice.Many(3, Port) : null,
            NotPorts = ports && dice.OnceIn(isDestination ? 4 : 12) ? dice.Many(2, Port) : null,
            ServiceAccounts = dice.OnceIn(8) ? Accounts() : null,
        };
    }

    private PolicyPort Port() => dice.Next(6) switch
    {
        0 => PolicyPort.Range(79, 90),
        1 => PolicyPort.Range(8080, 8080),
        2 => PolicyPort.Named("http"),
        3 => PolicyPort.Named(dice.Pick("dns", "api", "none")),
        _ => PolicyPort.Single(dice.Pick(80, 53, 8080, 443, 65535, 1)),
    };

    private ServiceAccountMatch Accounts() => dice.Next(10) switch
    {
        9 => new() { Names = [] },
        0 or 1 or 2 => new() { Names = ["sa1"] },
        3 or 4 or 5 => new() { Selector = AccountSelector(100) },
        _ => new() { Names = ["sa1", "sa2"], Selector = AccountSelector(60) },
    };

    /// <summary>What is ours alone: times, and rejecting.</summary>
    public void Extend(Resource resource, PolicySpec spec)
    {
        if (!dice.OnceIn(6)) return;
        resource.Metadata.Annotations = new() { [Extensions.Annotation] = Extensions.Allowed };
        spec.ValidFrom = dice.Maybe(40, "2030-01-01T00:00:00Z", "2030-06-01T12:00:00Z", "2030-06-01T14:00:00+02:00", "2030-12-31T00:00:00Z");
        spec.ValidUntil = dice.Maybe(40, "2031-01-01T00:00:00Z", "2030-06-01T12:00:00Z", "2030-06-01T12:00:00.5Z");
        if (spec is { ValidFrom: { } from, ValidUntil: { } until } && DateTimeOffset.Parse(from, CultureInfo.InvariantCulture) >= DateTimeOffset.Parse(until, CultureInfo.InvariantCulture))
            spec.ValidUntil = null;
        foreach (var rule in (List<Rule>)[.. spec.Ingress ?? [], .. spec.Egress ?? []])
            if (rule.Action == "Deny" && dice.OnceIn(2)) rule.Action = "Reject";
    }

    public T Fill<T>(T spec, bool namespaced) where T : PolicySpec
    {
        spec.Tier = dice.Maybe(70, "default", "security", "late", "default", "security", "late", "default", "kube-admin", "kube-baseline", "missing");
        spec.Order = dice.Next(6) switch { 0 => null, 1 => 1000, 2 => 1, 3 => 2, 4 => -1.5, _ => 1 };
        spec.Selector = dice.OnceIn(12) ? "" : Selector(35);
        spec.ServiceAccountSelector = AccountSelector(12);
        spec.Ingress = dice.OnceIn(4) ? null : dice.Many(4, () => Rule(true, namespaced));
        spec.Egress = dice.OnceIn(4) ? null : dice.Many(4, () => Rule(false, namespaced));
        spec.Types = dice.Next(6) switch
        {
            0 => ["Ingress"],
            1 => ["Egress"],
            2 => ["Ingress", "Egress"],
            3 => [],
            _ => null,
        };
        return spec;
    }
}
