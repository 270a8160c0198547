using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Bench.Policy.Inputs;

/// <summary>
/// The largest shape that Antrea publishes figures of: 25,000 namespaces, each with 4 pods and 3 Kubernetes network
/// policies; seen by a node that runs 100 of the pods.
/// </summary>
internal static class SmallNamespacesWorkload
{
    private static readonly string[] Apps = ["web", "api", "db", "job"];
    private static readonly List<string> Both = ["Ingress", "Egress"];

    /// <summary>The same, a thousand at a time and never all at once.</summary>
    public static Workload Stream(int namespaces)
    {
        return new Workload
        {
            Streamed = new(
                Numbers().Chunk(300).Select(c => c.SelectMany(n => Policies($"ns-{n}")).ToArray()),
                Numbers().Chunk(1000).Select(c => c.Select(n => Labelled($"ns-{n}")).ToArray()),
                Numbers().Where(n => !IsLocal(n)).Chunk(250).Select(c => c.SelectMany(Endpoints).ToArray()),
                [.. Numbers().Where(IsLocal).SelectMany(Endpoints)]),
        };

        IEnumerable<int> Numbers() => Enumerable.Range(0, namespaces);

        bool IsLocal(int n) => n % (namespaces / 25) == 0;
    }

    public static Workload Create(int namespaces)
    {
        var workload = new Workload();
        var local = new List<EndpointInput>();
        var remote = new List<EndpointInput>();
        for (int n = 0; n < namespaces; n++)
        {
            string name = $"ns-{n}";
            workload.Namespaces.Add(Labelled(name));
            workload.Policies.AddRange(Policies(name));
            (n % (namespaces / 25) == 0 ? local : remote).AddRange(Endpoints(n));
        }
        (workload.Local, workload.Remote) = ([.. local], [.. remote]);
        return workload;
    }

    private static Namespace Labelled(string name) =>
        new() { Metadata = new() { Name = name, Labels = new(1) { ["kubernetes.io/metadata.name"] = name } } };

    private static KubeNetworkPolicy[] Policies(string @namespace) =>
        [Policy(@namespace, "web", null, "api"), Policy(@namespace, "api", "web", "db"), Policy(@namespace, "db", "api", null)];

    private static EndpointInput[] Endpoints(int n)
    {
        string name = $"ns-{n}";
        var endpoints = new EndpointInput[Apps.Length];
        for (int i = 0; i < Apps.Length; i++)
        {
            var labels = new KeyValuePair<string, string>[]
            {
                new("app", Apps[i]), new("projectcalico.org/namespace", name), new("projectcalico.org/orchestrator", "k8s"),
            };
            endpoints[i] = new EndpointInput(name, $"{Apps[i]}-{n}", labels, IpAddr.FromV4(0x0a000001 + (uint)((n * Apps.Length) + i)));
        }
        return endpoints;
    }

    private static KubeNetworkPolicy Policy(string @namespace, string app, string? from, string? to) => new()
    {
        Metadata = new() { Namespace = @namespace, Name = $"allow-{app}" },
        Spec = new()
        {
            PodSelector = Pods(app),
            PolicyTypes = Both,
            Ingress = [new() { From = from is null ? null : [new() { PodSelector = Pods(from) }] }],
            Egress = to is null ? [] : [new() { To = [new() { PodSelector = Pods(to) }] }],
        },
    };

    private static LabelSelector Pods(string app) => new() { MatchLabels = new(1) { ["app"] = app } };
}
