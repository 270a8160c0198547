using CsCheck;
using Margay.Model.Resources;
using Margay.Policy.Graph;

namespace Margay.Policy.Tests.Graph;

/// <summary>Random clusters: small, so that things meet, and with every field that matters, malformed ones included.</summary>
internal static class Universe
{
    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Ns = One("red", "blue");
    private static readonly Gen<string> LabelText = One("", "app=a", "app=b", "app=a,tier=x", "tier=x", "app=b,pcns.env=fake");
    private static readonly Gen<string> Address = One("10.0.0.1", "10.0.0.2", "10.0.0.3,fd00::3", "fd00::4", "");

    private static readonly Gen<string?> Selector = Gen.Frequency(
        (4, Gen.Const((string?)null)),
        (8, One<string?>("app == 'a'", "app != 'a'", "has(tier)", "!has(app)", "all()", "app in {'a','b'}", "")),
        (1, Gen.Const<string?>("this is ( not")));

    private static readonly Gen<string?> NamespaceSelector = Gen.Frequency(
        (6, Gen.Const((string?)null)),
        (4, One<string?>("env == 'prod'", "all()", "global()", "projectcalico.org/name == 'red'", "!has(env)")),
        (1, Gen.Const<string?>("%")));

    private static readonly Gen<List<string>?> Nets = Gen.Frequency(
        (6, Gen.Const((List<string>?)null)),
        (3, One<List<string>?>(["10.0.0.0/30"], ["10.0.0.2", "fd00::/64"], ["fd00::/64"], ["10.0.0.0/8", "192.0.2.0/24"])),
        (1, One<List<string>?>(["10.0.0.300"], [])));

    private static readonly Gen<List<PolicyPort>?> Ports = Gen.Frequency(
        (6, Gen.Const((List<PolicyPort>?)null)),
        (3, One<List<PolicyPort>?>(
            [PolicyPort.Single(80)], [PolicyPort.Named("http")], [PolicyPort.Named("http"), PolicyPort.Single(53)], [PolicyPort.Range(79, 90)])),
        (1, One<List<PolicyPort>?>([PolicyPort.Single(70000)], [])));

    private static readonly Gen<ServiceAccountMatch?> Accounts = Gen.Frequency(
        (8, Gen.Const((ServiceAccountMatch?)null)),
        (2, One<ServiceAccountMatch?>(
            new() { Names = ["sa1"] }, new() { Selector = "role == 'r'" }, new() { Names = ["sa1", "sa2"], Selector = "role == 'r'" })));

    private static readonly Gen<ServiceMatch?> Services = Gen.Frequency(
        (8, Gen.Const((ServiceMatch?)null)),
        (2, One<ServiceMatch?>(new() { Name = "svc" }, new() { Name = "svc", Namespace = "red" })));

    private static readonly Gen<EntityRule?> Entity = Gen.Frequency(
        (2, Gen.Const((EntityRule?)null)),
        (5, Gen.Select(Gen.Select(Selector, Selector, NamespaceSelector), Nets, Nets, Ports, Ports, Accounts, Services)
            .Select((s, nets, notNets, ports, notPorts, accounts, services) => (EntityRule?)new EntityRule
            {
                Selector = s.Item1,
                NotSelector = s.Item2,
                NamespaceSelector = s.Item3,
                Nets = nets,
                NotNets = notNets,
                Ports = ports,
                NotPorts = notPorts,
                ServiceAccounts = accounts,
                Services = services,
            })));

    private static readonly Gen<Protocol?> Protocols = Gen.Frequency(
        (3, Gen.Const((Protocol?)null)),
        (5, One<Protocol?>(Protocol.Tcp, Protocol.Udp, Protocol.FromNumber(6), Protocol.Parse("tcp"))),
        (2, One<Protocol?>(Protocol.Icmp, Protocol.IcmpV6, Protocol.Parse("nonsense"))));

    private static readonly Gen<HttpMatch?> Https = Gen.Frequency(
        (9, Gen.Const((HttpMatch?)null)),
        (1, One<HttpMatch?>(new(), new() { Methods = ["GET"] }, new() { Paths = [new() { Prefix = "/a" }] }, new() { Paths = [new()] })));

    /// <summary>What stands above addresses and ports.</summary>
    private static readonly Gen<Rule> Headers = Gen.Select(
        One("Allow", "Deny", "Log", "Pass", "Allow", "Deny", "Reject", "frob"), Protocols, Https,
        One<int?>(null, null, null, 4, 6, 5), One<IcmpFields?>(null, null, null, new() { Type = 8 }, new() { Type = 8, Code = 0 }), Gen.Int[0, 11])
        .Select((action, protocol, http, version, icmp, odd) => new Rule
        {
            Action = action,
            Protocol = protocol,
            NotProtocol = odd == 0 ? Protocol.Udp : null,
            Http = http,
            IpVersion = version,
            Icmp = protocol?.Number is 1 or 58 && odd != 1 ? icmp : null,
            NotICMP = protocol?.Number is 1 or 58 && odd == 1 ? icmp : null,
        });

    public static readonly Gen<Rule> Rules = Gen.Select(Headers, Entity, Entity).Select((rule, source, destination) =>
    {
        (rule.Source, rule.Destination) = (source, destination);
        return rule;
    });

    private static readonly Gen<(List<Rule>?, List<Rule>?, List<string>?, double?, string?)> PolicyParts = Gen.Select(
        Rules.List[0, 3].Select(l => (List<Rule>?)l), Rules.List[0, 3].Select(l => (List<Rule>?)l),
        One<List<string>?>(null, ["Ingress"], ["Egress"], ["Ingress", "Egress"], ["Nonsense"]),
        One<double?>(null, 1, 1, 2, 1000), One<string?>(null, "default", "security", "missing"));

    private static Gen<NetworkPolicy> Policy(string @namespace, string name) => Gen.Select(PolicyParts, Selector, One<string?>(null, null, "role == 'r'"))
        .Select((parts, selector, account) => Make.Policy(@namespace, name, Fill(new NetworkPolicySpec(), parts, selector, account)));

    private static Gen<GlobalNetworkPolicy> Global(string name) =>
        GlobalSpec(() => new GlobalNetworkPolicySpec()).Select(spec => Make.Global(name, spec));

    private static Gen<T> GlobalSpec<T>(Func<T> make) where T : GlobalNetworkPolicySpec => Gen.Select(PolicyParts, Selector, NamespaceSelector, Gen.Int[0, 9])
        .Select((parts, selector, namespaces, hook) =>
        {
            var spec = Fill(make(), parts, selector, null);
            spec.NamespaceSelector = namespaces;
            spec.DoNotTrack = hook is 0 or 1 ? true : null;
            spec.PreDNAT = hook is 1 or 2 ? true : null;
            spec.ApplyOnForward = hook < 5 ? true : null;
            return spec;
        });

    private static readonly Gen<string?> StagedActions = One<string?>(null, "Set", "Set", "Learn", "Delete", "Ignore");

    private static Gen<StagedNetworkPolicy> Staged(string @namespace, string name) => Gen.Select(PolicyParts, Selector, StagedActions)
        .Select((parts, selector, action) => Make.Named(
            new StagedNetworkPolicy { Spec = Fill(new StagedNetworkPolicySpec { StagedAction = action }, parts, selector, null) }, @namespace, name));

    private static Gen<StagedGlobalNetworkPolicy> StagedGlobal(string name) =>
        Gen.Select(GlobalSpec(() => new StagedGlobalNetworkPolicySpec()), StagedActions).Select((spec, action) =>
        {
            spec.StagedAction = action;
            return Make.Named(new StagedGlobalNetworkPolicy { Spec = spec }, "", name);
        });

    private static Gen<StagedKubernetesNetworkPolicy> StagedKube(string @namespace, string name) =>
        Gen.Select(KubeSpec(() => new StagedKubernetesNetworkPolicySpec()), StagedActions).Select((spec, action) =>
        {
            spec.StagedAction = action;
            return Make.Named(new StagedKubernetesNetworkPolicy { Spec = spec }, @namespace, name);
        });

    private static Gen<HostEndpoint> Host(string name) => Gen.Select(
        One("n1", "n1", "n2"), One("eth0", "*", null), One("", "192.0.2.3", "10.0.0.2,fd00::4,junk"), LabelText, One("", "kns.red", "kns.red,shared"))
        .Select((node, at, addresses, labels, profiles) => Make.Host(name, node, at, addresses, labels, profiles));

    private static T Fill<T>(T spec, (List<Rule>?, List<Rule>?, List<string>?, double?, string?) parts, string? selector, string? account) where T : PolicySpec
    {
        (spec.Ingress, spec.Egress, spec.Types, spec.Order, spec.Tier) = parts;
        spec.Selector = selector;
        spec.ServiceAccountSelector = account;
        return spec;
    }

    private static Gen<Pod> Pod(string @namespace, string name) => Gen.Select(
        Address, LabelText, One("", "sa1", "sa2"), One("", "http:80", "http:8080,http:53/UDP", "dns:53/UDP"), Gen.Int[0, 9])
        .Select((address, labels, account, ports, odd) =>
        {
            var pod = Make.Pod(@namespace, name, address, labels, account, ports);
            if (odd == 0) pod.Status!.Phase = "Succeeded";
            if (odd == 1) pod.Spec.HostNetwork = true;
            return pod;
        });

    private static Gen<EndpointSlice> Slice(string name) => Gen.Select(
        One("svc", "other"), One("10.0.0.1", "10.0.0.2", "example.org"), One<string?>(null, "UDP"), One<int?>(80, 8080, null))
        .Select((service, address, protocol, port) => Make.Slice("red", name, service, [address], (protocol, port)));

    private static readonly Gen<Endpoints> EndpointsObject = One("10.0.0.9", "10.0.0.2").Select(address => Make.Named(
        new Endpoints { Subsets = [new() { NotReadyAddresses = [new() { Ip = address }], Ports = [new() { Port = 80 }] }] }, "red", "svc"));

    private static Gen<Profile> Profile(string name, string inherited) => Gen.Select(Rules.List[0, 2], Rules.List[0, 2], One("", inherited, "x=y"))
        .Select((ingress, egress, labels) => Make.Named(
            new Profile { Spec = new ProfileSpec { Ingress = ingress, Egress = egress, LabelsToApply = Make.Labels(labels) } }, "", name));

    private static readonly Gen<KubePolicyPeer> Peer = Gen.OneOf(
        Gen.Const(new KubePolicyPeer { PodSelector = new() }),
        Gen.Const(new KubePolicyPeer { NamespaceSelector = new() { MatchLabels = new() { ["env"] = "prod" } } }),
        Gen.Const(new KubePolicyPeer { PodSelector = new() { MatchLabels = new() { ["app"] = "a" } }, NamespaceSelector = new() }),
        Gen.Const(new KubePolicyPeer { IpBlock = new() { Cidr = "10.0.0.0/24", Except = ["10.0.0.2/32"] } }),
        Gen.Const(new KubePolicyPeer { IpBlock = new() { Cidr = "bad" } }));

    private static Gen<KubeNetworkPolicy> Kube(string @namespace, string name) =>
        KubeSpec(() => new KubeNetworkPolicySpec()).Select(spec => Make.Kube(@namespace, name, spec));

    private static Gen<T> KubeSpec<T>(Func<T> make) where T : KubeNetworkPolicySpec => Gen.Select(
        One<LabelSelector>(new(), new() { MatchLabels = new() { ["app"] = "a" } }, new() { MatchExpressions = [new() { Key = "app", Operator = "Odd" }] }),
        Peer.List[0, 2], One<List<KubePolicyPort>?>(null, [new() { Port = 80 }], [new() { Port = "http" }, new() { Protocol = "UDP" }]))
        .Select((pods, peers, ports) =>
        {
            var spec = make();
            spec.PodSelector = pods;
            spec.Ingress = [new() { From = peers, Ports = ports }];
            return spec;
        });

    private static Gen<ClusterNetworkPolicy> Cluster(string name) => Gen.Select(ClusterUniverse.Spec, Gen.Int[0, 19]).Select((spec, odd) =>
    {
        if (odd == 0) spec.Tier = "Middle";
        if (odd == 1) spec.Subject = new();
        if (odd == 2) spec.Ingress = [new() { Action = "Pass", From = [new()] }];
        return Make.Cluster(name, spec);
    });

    private static Gen<Resource> Any<T>(Gen<T> gen) where T : Resource => gen.Select(r => (Resource)r);

    /// <summary>Sometimes with what only we know, with and without the annotation that it needs, and with hints.</summary>
    private static Gen<Resource> Odd<T>(Gen<T> gen) where T : Resource => Gen.Select(
        gen, One<string?>(null, null, null, "2030-01-01T00:00:00Z", "soon"), One<string?>(null, null, null, "2030-01-02T00:00:00Z"), Gen.Int[0, 5])
        .Select((resource, from, until, odd) =>
        {
            if (odd < 3) resource.Metadata.Annotations = new() { [Extensions.Annotation] = Extensions.Allowed };
            PolicySpec spec = resource switch
            {
                NetworkPolicy p => p.Spec,
                GlobalNetworkPolicy p => p.Spec,
                StagedNetworkPolicy p => p.Spec,
                StagedGlobalNetworkPolicy p => p.Spec,
                _ => throw new ArgumentException(resource.Kind),
            };
            (spec.ValidFrom, spec.ValidUntil) = (from, until);
            if (odd == 3) spec.PerformanceHints = ["AssumeNeededOnEveryNode"];
            return (Resource)resource;
        });

    /// <summary>What time it may be: before, in and after the times above.</summary>
    public static readonly Gen<DateTimeOffset> Times = Gen.Int[-1, 2].Select(days => new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(days - 0.5));

    /// <summary>One generator of versions for each object that can exist.</summary>
    public static readonly Gen<Resource>[] Objects =
    [
        Any(Pod("red", "p1")), Any(Pod("red", "p2")), Any(Pod("blue", "p3")), Any(Pod("blue", "p4")),
        Any(One("", "env=prod", "env=dev").Select(l => Make.Namespace("red", l))),
        Any(One("", "env=prod", "env=dev").Select(l => Make.Namespace("blue", l))),
        Any(One("", "role=r").Select(l => Make.Account("red", "sa1", l))),
        Any(One("", "role=r").Select(l => Make.Account("blue", "sa1", l))),
        Odd(Policy("red", "np1")), Any(Policy("red", "np2")), Any(Policy("blue", "np1")),
        Odd(Global("gnp1")), Any(Global("gnp2")),
        Any(Kube("red", "knp1")), Any(Kube("blue", "np1")),
        Any(Gen.Select(One("", "app=a", "env=prod"), One("192.0.2.3", "node.example", "10.0.0.2")).Select((l, a) => Make.Named(
            new Node { Status = new() { Addresses = [new() { Type = "InternalIP", Address = a }] } }, "", "n1", l))),
        Any(Cluster("cnp1")), Any(Cluster("cnp2")),
        Any(Gen.Bool.Select(b => Make.Tier("kube-admin", b ? 0.5 : 1000, "Pass"))),
        Odd(Staged("red", "np1")), Any(Staged("blue", "np3")), Odd(StagedGlobal("gnp1")), Any(StagedGlobal("gnp3")), Any(StagedKube("red", "knp1")),
        Any(Host("hep1")), Any(Host("hep2")), Any(Profile("shared", "tier=x")),
        Any(Profile("kns.red", "pcns.env=prod")), Any(Profile("ksa.blue.sa1", "pcsa.role=r")),
        Any(Gen.Select(One<double?>(null, 1, 5), One("Deny", "Pass", "Reject"), Gen.Bool).Select((o, a, allowed) =>
        {
            var tier = Make.Tier("security", o, a);
            if (allowed) tier.Metadata.Annotations = new() { [Extensions.Annotation] = Extensions.Allowed };
            return tier;
        })),
        Any(Gen.Select(One<double?>(3, 1e6), One("Deny", "Pass")).Select((o, a) => Make.Tier("default", o, a))),
        Any(Gen.Select(LabelText, One("10.0.0.2", "10.0.0.0/30")).Select((l, n) => Make.Set("red", "set1", l, n, "junk"))),
        Any(Gen.Select(LabelText, One("192.0.2.0/24", "10.0.0.1")).Select((l, n) => Make.GlobalSet("set1", l, n, n, "fd00::/64"))),
        Any(Slice("s1")), Any(Slice("s2")), Any(EndpointsObject),
        Any(Gen.Bool.Select(b => Make.Named(new IPPool { Spec = new IPPoolSpec { Cidr = "10.0.0.0/16", NatOutgoing = b } }, "", "pool"))),
        Any(One("Drop", "Accept").Select(a => Make.Named(new FelixConfiguration { Spec = new() { DefaultEndpointToHostAction = a } }, "", "default"))),
        Any(Gen.Bool.Select(b => Make.Named(new FelixConfiguration { Spec = new() { Ipv6Support = b } }, "", "node.n1"))),
    ];

    /// <summary>Versions of the local endpoints.</summary>
    public static readonly Gen<LocalEndpoint>[] Locals =
    [
        One(Make.Local("red", "p1", "10.0.0.1"), Make.Local("red", "p1", "10.0.0.7", "fd00::7")),
        One(Make.Local("red", "p2", "10.0.0.2"), Make.Local("red", "p2", "10.0.0.2") with { Interface = "net1" }),
        One(Make.Local("blue", "p3", "10.0.0.3", "fd00::3"), Make.Local("blue", "p3")),
    ];
}
