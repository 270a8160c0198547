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

    public static Workload Create(int namespaces)
    {
        var workload = new Workload();
        var local = new List<EndpointInput>();
        var remote = new List<EndpointInput>();
        uint address = 0x0a000001;
        for (int n = 0; n < namespaces; n++)
        {
            string name = $"ns-{n}";
            workload.Namespaces.Add(new Namespace { Metadata = new() { Name = name, Labels = new(1) { ["kubernetes.io/metadata.name"] = name } } });
            workload.Policies.Add(Policy(name, "web", null, "api"));
            workload.Policies.Add(Policy(name, "api", "web", "db"));
            workload.Policies.Add(Policy(name, "db", "api", null));
            for (int i = 0; i < Apps.Length; i++)
            {
                var labels = new KeyValuePair<string, string>[]
                {
                    new("app", Apps[i]), new("projectcalico.org/namespace", name), new("projectcalico.org/orchestrator", "k8s"),
                };
                var endpoint = new EndpointInput(name, $"{Apps[i]}-{n}", labels, IpAddr.FromV4(address++));
                if (n % (namespaces / 25) == 0 && local.Count < 100) local.Add(endpoint);
                else remote.Add(endpoint);
            }
        }
        (workload.Local, workload.Remote) = ([.. local], [.. remote]);
        return workload;
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
