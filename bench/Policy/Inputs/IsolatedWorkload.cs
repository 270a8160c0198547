using System.Globalization;
using Margay.Model.Resources;

namespace Margay.Bench.Policy.Inputs;

/// <summary>Felix's "IsolatedCustomers" (workload B): namespaces of one pod and one policy each; 100 of the pods are local.</summary>
internal static class IsolatedWorkload
{
    private static readonly string[] Environments = ["dev", "staging", "prod"];
    private static readonly string[] Tiers = ["frontend", "backend", "middleware", "data"];
    private static readonly string[] Regions = ["us-east", "us-west", "eu-west", "ap-south"];
    private static readonly string[] Teams = ["platform", "payments", "identity", "growth", "infra"];
    private static readonly string[] Bits = ["0", "1"];
    private static readonly List<string> BothTypes = [PolicyType.Ingress, PolicyType.Egress];
    private const int Locals = 100;

    /// <summary>The same, a thousand at a time and never all at once.</summary>
    public static Workload Stream(int namespaces)
    {
        var tenants = new string[Math.Min(5000, namespaces)];
        return new Workload
        {
            Streamed = new(
                Numbers().Chunk(1000).Select(c => c.Select(n => Isolation($"customer-{n}")).ToArray()),
                Numbers().Chunk(1000).Select(c => c.Select(n => NamespaceProfile($"customer-{n}", n)).ToArray()),
                Numbers().Where(n => !IsLocal(n)).Chunk(1000).Select(c => c.Select(Endpoint).ToArray()),
                [.. Numbers().Where(IsLocal).Select(Endpoint)]),
        };

        IEnumerable<int> Numbers() => Enumerable.Range(0, namespaces);

        bool IsLocal(int n) => n % (namespaces / Locals) == 0 && n / (namespaces / Locals) < Locals;

        EndpointInput Endpoint(int n) =>
            new($"customer-{n}", PodName(n), Labels(n, tenants[n % tenants.Length] ??= Digits((ulong)(n % 5000), 10)), AddressCounter.At(n));
    }

    public static Workload Create(int namespaces)
    {
        var addresses = new AddressCounter();
        var workload = new Workload();
        var local = new List<EndpointInput>(Locals);
        var remote = new List<EndpointInput>(namespaces - Locals);
        var tenants = new string[Math.Min(5000, namespaces)];
        for (int n = 0; n < namespaces; n++)
        {
            string name = $"customer-{n}";
            workload.Policies.Add(Isolation(name));
            workload.Profiles.Add(NamespaceProfile(name, n));
            var endpoint = new EndpointInput(name, PodName(n), Labels(n, tenants[n % tenants.Length] ??= Digits((ulong)(n % 5000), 10)), addresses.Next());
            if (n % (namespaces / Locals) == 0 && local.Count < Locals) local.Add(endpoint);
            else remote.Add(endpoint);
        }
        (workload.Local, workload.Remote) = ([.. local], [.. remote]);
        return workload;
    }

    private static string PodName(int n) => string.Create(CultureInfo.InvariantCulture, $"app-{n * 7L + 3:x9}-{(n * 17L + 5) % 65536:x5}");

    private static GlobalNetworkPolicy Isolation(string name)
    {
        string selector = $"pcns.projectcalico.org/name == '{name}'";
        return new GlobalNetworkPolicy
        {
            Metadata = new() { Name = $"{name}.isolation" },
            Spec = new()
            {
                Selector = selector,
                Types = BothTypes,
                Ingress = [new Rule { Action = PolicyAction.Allow, Source = new EntityRule { Selector = selector } }],
                Egress =
                [
                    new Rule { Action = PolicyAction.Allow, Destination = new EntityRule { Selector = selector } },
                    new Rule
                    {
                        Action = PolicyAction.Allow, Protocol = Protocol.Udp,
                        Destination = new EntityRule { Nets = ["10.96.0.10/32"], Ports = [PolicyPort.Single(53)] },
                    },
                ],
            },
        };
    }

    private static Profile NamespaceProfile(string name, int n) => new()
    {
        Metadata = new() { Name = $"kns.{name}" },
        Spec = new()
        {
            LabelsToApply = new(3)
            {
                ["pcns.projectcalico.org/name"] = name,
                ["namespace-id"] = Digits((ulong)n, 20),
                ["production"] = n % 2 == 0 ? "true" : "false",
            },
        },
    };

    private static KeyValuePair<string, string>[] Labels(int e, string tenant)
    {
        ulong id = (ulong)e * 5;
        return
        [
            new("pod-id", Digits(id, 20)), new("instance-id", Digits(id + 1, 20)), new("short-id", Digits(id + 2, 10)),
            new("config-hash", Digits(id + 3, 20)), new("version-tag", Digits(id + 4, 8)),
            new("enabled", Bits[e % 2]), new("debug", Bits[e / 2 % 2]), new("canary", Bits[e / 4 % 2]), new("managed", Bits[e / 8 % 2]),
            new("environment", Environments[e % 3]), new("tier", Tiers[e % 4]), new("region", Regions[e % 4]), new("team", Teams[e % 5]),
            new("managed-by", "saas-controller"), new("tenant-id", tenant),
        ];
    }

    /// <summary>The peer's D(n, length).</summary>
    private static string Digits(ulong n, int length) => string.Create(length, n * 2654435761 + 1, static (text, v) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = "abcdef0123456789"[(int)(v % 16)];
            v = v * 6364136223846793005 + 1442695040888963407;
        }
    });
}
