using Margay.Answers.Sources;
using Margay.Model.Resources;

namespace Margay.Bench.Answers;

/// <summary>
/// A cluster of microservices: each in a namespace of its team, with some pods, a policy that lets its callers in and itself
/// out to whom it calls, and one that isolates it. The same shape as deploy/examples/microservices.
/// </summary>
internal static class Microservices
{
    private const int Teams = 20;

    /// <summary>The objects: two policies for each service.</summary>
    public static ResourceSet Make(int services, int podsEach, Func<int, int> portOf)
    {
        var set = new ResourceSet();
        for (int team = 0; team < Teams; team++)
            Add(set, new Namespace { Metadata = Meta("", $"team-{team}", new() { ["team"] = $"{team}", ["env"] = team < Teams / 2 ? "prod" : "dev" }) });
        Add(set, new Tier { Metadata = Meta("", "platform", null), Spec = new TierSpec { Order = 100, DefaultAction = "Pass" } });
        for (int service = 0; service < services; service++)
        {
            string ns = Namespace(service);
            for (int pod = 0; pod < podsEach; pod++)
                Add(set, Pod(service, pod, ns, (service * podsEach) + pod));
            Add(set, Own(service, services, ns, portOf));
            Add(set, Isolation(service, ns));
        }
        return set;
    }

    /// <summary>The unkind shape: cluster-wide policies that all select every pod, two rules each, one for each service and its port.</summary>
    public static ResourceSet MakeWide(int services, int podsEach, int policies, int moved)
    {
        var set = new ResourceSet();
        for (int team = 0; team < Teams; team++) Add(set, new Namespace { Metadata = Meta("", $"team-{team}", null) });
        for (int service = 0; service < services; service++)
            for (int pod = 0; pod < podsEach; pod++) Add(set, Pod(service, pod, Namespace(service), (service * podsEach) + pod));
        for (int i = 0; i < policies; i++)
        {
            Add(set, new GlobalNetworkPolicy
            {
                Metadata = Meta("", $"wide-{i}", null),
                Spec = new GlobalNetworkPolicySpec
                {
                    Tier = "default",
                    Order = i == moved ? -1 : i,
                    Types = ["Ingress"],
                    Ingress =
                    [
                        new Rule { Action = "Allow", Protocol = Protocol.Tcp, Source = new EntityRule { Selector = $"app == 'svc-{i % services}'" }, Destination = new EntityRule { Ports = [PolicyPort.Single(1000 + i)] } },
                        new Rule { Action = "Deny", Protocol = Protocol.Tcp, Source = new EntityRule { Nets = [$"10.{i % 250}.{i / 250}.0/24"] }, Destination = new EntityRule { Ports = [PolicyPort.Range(1000 + i, 3000 + i)] } },
                    ],
                },
            });
        }
        return set;
    }

    /// <summary>Puts the pods on nodes, each with an automatic host endpoint and two cluster-wide policies for all of them.</summary>
    public static void AddHosts(ResourceSet set, int nodes, int port)
    {
        int next = 0;
        foreach (var pod in set.Of<Pod>()) pod.Spec.NodeName = $"node-{next++ % nodes}";
        for (int i = 0; i < nodes; i++)
        {
            Add(set, new HostEndpoint
            {
                Metadata = Meta("", $"node-{i}-auto-hep", new() { ["kubernetes.io/os"] = "linux", ["kubernetes.io/hostname"] = $"node-{i}" }),
                Spec = new HostEndpointSpec { Node = $"node-{i}", InterfaceName = "*", ExpectedIPs = [$"192.168.{i >> 8}.{i & 255}"], Profiles = ["projectcalico-default-allow"] },
            });
        }
        foreach (var (name, given) in (ReadOnlySpan<(string, int)>)[("kubelet", 10250), ("exporter", port)])
        {
            Add(set, new GlobalNetworkPolicy
            {
                Metadata = Meta("", $"hosts-{name}", null),
                Spec = new GlobalNetworkPolicySpec
                {
                    Tier = "platform", Order = 1, Selector = "has(kubernetes.io/hostname)", Types = ["Ingress"], ApplyOnForward = true,
                    Ingress = [new Rule { Action = "Allow", Protocol = Protocol.Tcp, Source = new EntityRule { Selector = "app == 'svc-0'" }, Destination = new EntityRule { Ports = [PolicyPort.Single(given)] } }],
                },
            });
        }
    }

    private static string Namespace(int service) => $"team-{service % Teams}";

    private static Pod Pod(int service, int number, string ns, int address) => new()
    {
        Metadata = Meta(ns, $"svc-{service}-{number}", new() { ["app"] = $"svc-{service}", ["tier"] = Tier(service), ["pod-template-hash"] = $"{service:x8}" }),
        Spec = new PodSpec { ServiceAccountName = "default", Containers = [new Container { Name = "c", Ports = [new ContainerPort { Name = "http", Number = 8080 }] }] },
        Status = new PodStatus { Phase = "Running", PodIP = $"10.{64 + (address >> 16)}.{(address >> 8) & 255}.{address & 255}" },
    };

    private static string Tier(int service) => service % 10 == 0 ? "edge" : service % 10 < 7 ? "core" : "data";

    private static NetworkPolicy Own(int service, int services, string ns, Func<int, int> portOf) => new()
    {
        Metadata = Meta(ns, $"svc-{service}", null),
        Spec = new NetworkPolicySpec
        {
            Tier = "default",
            Order = 100,
            Selector = $"app == 'svc-{service}'",
            Types = ["Ingress", "Egress"],
            Ingress =
            [
                .. Callers(service, services).Select(caller => new Rule
                {
                    Action = "Allow", Protocol = Protocol.Tcp,
                    Source = new EntityRule { NamespaceSelector = $"projectcalico.org/name == '{Namespace(caller)}'", Selector = $"app == 'svc-{caller}'" },
                    Destination = new EntityRule { Ports = [PolicyPort.Single(portOf(service))] },
                }),
            ],
            Egress =
            [
                .. Callees(service, services).Select(callee => new Rule
                {
                    Action = "Allow", Protocol = Protocol.Tcp,
                    Destination = new EntityRule { NamespaceSelector = $"projectcalico.org/name == '{Namespace(callee)}'", Selector = $"app == 'svc-{callee}'", Ports = [PolicyPort.Single(portOf(callee))] },
                }),
                new Rule { Action = "Allow", Protocol = Protocol.Udp, Destination = new EntityRule { Ports = [PolicyPort.Single(53)] } },
            ],
        },
    };

    private static KubeNetworkPolicy Isolation(int service, string ns) => new()
    {
        Metadata = Meta(ns, $"isolate-svc-{service}", null),
        Spec = new KubeNetworkPolicySpec
        {
            PodSelector = new LabelSelector { MatchLabels = new() { ["app"] = $"svc-{service}" } },
            PolicyTypes = ["Ingress"],
            Ingress = [new() { From = [new() { PodSelector = new() { MatchLabels = new() { ["app"] = $"svc-{service}" } } }], Ports = [new() { Port = "http" }] }],
        },
    };

    private static IEnumerable<int> Callees(int service, int services) => new[] { (2 * service) + 1, (2 * service) + 2, service + 7 }.Select(s => s % services).Where(s => s != service).Distinct();

    private static IEnumerable<int> Callers(int service, int services) => Enumerable.Range(0, services).Where(s => Callees(s, services).Contains(service));

    private static ObjectMeta Meta(string ns, string name, Dictionary<string, string>? labels) => new() { Namespace = ns.Length == 0 ? null : ns, Name = name, Labels = labels };

    private static void Add(ResourceSet set, Resource value) => set.Add(new LocatedResource(value, SourcePlace.Cluster));
}
