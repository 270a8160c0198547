using System.Text.Json.Nodes;

namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>Policies and probes made by chance from a seed: valid, small enough to look at, and using every field.</summary>
internal sealed class RandomPolicies(int seed)
{
    private static readonly string[] Namespaces = ["red", "blue", "green"];
    private static readonly string[] Selectors =
        ["all()", "app == 'a'", "app == 'b'", "role != 'client'", "has(app) && image contains 'red'", "role in {'client', 'none'}"];

    private static readonly string[] NamespaceSelectors = ["all()", "color == 'red'", "env == 'prod'", "color in {'blue', 'green'}", "!has(env)"];
    private static readonly string[] NetsV4 = ["10.244.0.0/16", "203.0.113.0/24", "0.0.0.0/0", "198.51.100.0/24"];
    private static readonly string[] NetsV6 = ["fd44::/48", "2001:db8::/32"];
    private readonly Random _random = new(seed);

    /// <summary>A tier, and one to four policies of any kind.</summary>
    public IReadOnlyList<JsonObject> Resources()
    {
        var tier = Object("projectcalico.org/v3", "Tier", "early", null, new JsonObject { ["order"] = 50, ["defaultAction"] = Pick("Deny", "Pass") });
        return [tier, .. Enumerable.Range(0, _random.Next(1, 5)).Select(Policy)];
    }

    /// <summary>Probes between any pods, of any protocol; the verdicts are for somebody else to say.</summary>
    public IReadOnlyList<ScenarioProbe> Probes(int count) =>
        [.. Enumerable.Range(0, count * 2).Select(_ => Probe()).Where(probe => probe.From != probe.To).Distinct().Take(count)];

    private ScenarioProbe Probe()
    {
        string from = $"{Pick(Namespaces)}/{Pick("a", "b")}";
        bool outside = _random.Next(6) == 0;
        string what = outside
            ? Pick("tcp/8080", "tcp/9090", "icmp/8")   // A UDP server on all addresses answers from the nearest, not from this one.
            : Pick("tcp/8080", "tcp/9090", "udp/8080", "udp/5353", "icmp/8", "tcp6/8080", "tcp6/9090", "udp6/5353", "icmp6/128");
        return ScenarioProbe.Parse($"{from} -> {(outside ? "203.0.113.10" : $"{Pick(Namespaces)}/{Pick("a", "b")}")} {what} = deny");
    }

    private JsonObject Policy(int number) => _random.Next(3) switch
    {
        0 => Object("projectcalico.org/v3", "NetworkPolicy", $"p{number}", Pick(Namespaces), CalicoSpec(null)),
        1 => Early(number),
        _ => Object("networking.k8s.io/v1", "NetworkPolicy", $"k{number}", Pick(Namespaces), KubernetesSpec()),
    };

    private JsonObject Early(int number)
    {
        string? tier = Pick("early", null!);
        return Object("projectcalico.org/v3", "GlobalNetworkPolicy", tier is null ? $"g{number}" : $"early.g{number}", null, CalicoSpec(tier));
    }

    private JsonObject CalicoSpec(string? tier)
    {
        var spec = new JsonObject { ["selector"] = Pick(Selectors), ["types"] = Pick<Func<JsonArray>>(() => ["Ingress"], () => ["Egress"], () => ["Ingress", "Egress"])() };
        if (tier is not null) spec["tier"] = tier;
        if (_random.Next(2) == 0) spec["order"] = _random.Next(1, 2000);
        if (tier is not null && _random.Next(3) == 0) spec["namespaceSelector"] = Pick(NamespaceSelectors);
        foreach (string direction in spec["types"]!.AsArray().Select(type => type!.GetValue<string>().ToLowerInvariant()).ToList())
            spec[direction] = new JsonArray([.. Enumerable.Range(0, _random.Next(0, 4)).Select(_ => (JsonNode)CalicoRule())]);
        return spec;
    }

    private JsonObject CalicoRule()
    {
        var rule = new JsonObject { ["action"] = Pick("Allow", "Allow", "Deny", "Pass", "Log") };
        string? protocol = Pick("TCP", "UDP", "ICMP", "ICMPv6", null!, null!);
        if (protocol is not null) rule[_random.Next(5) == 0 ? "notProtocol" : "protocol"] = protocol;
        bool hasPorts = rule["protocol"] is not null && protocol is "TCP" or "UDP" && rule["notProtocol"] is null;
        bool ipv6 = protocol == "ICMPv6" || (protocol != "ICMP" && _random.Next(3) == 0);
        if (rule["protocol"]?.GetValue<string>() == "ICMP" && _random.Next(2) == 0) rule[Pick("icmp", "notICMP")] = new JsonObject { ["type"] = Pick(8, 0) };
        foreach (string side in (string[])["source", "destination"])
        {
            if (Entity(ipv6, hasPorts && side == "destination") is { Count: > 0 } entity) rule[side] = entity;
        }

        return rule;
    }

    private JsonObject Entity(bool ipv6, bool ports)
    {
        var entity = new JsonObject();
        switch (_random.Next(7))
        {
            case 0: entity["selector"] = Pick(Selectors); break;
            case 1: entity["namespaceSelector"] = Pick(NamespaceSelectors); entity["notSelector"] = Pick(Selectors[1..]); break;
            case 2: entity["namespaceSelector"] = Pick(NamespaceSelectors); entity["selector"] = Pick(Selectors); break;
            case 3: entity["nets"] = new JsonArray(Pick(ipv6 ? NetsV6 : NetsV4)); break;
            case 4: entity["notNets"] = new JsonArray(Pick(ipv6 ? NetsV6 : NetsV4[..2])); break;
            case 5: entity["serviceAccounts"] = new JsonObject { ["selector"] = Pick("kind == 'machine'", "has(trusted)") }; break;
        }

        if (ports && _random.Next(2) == 0)
            entity[Pick("ports", "notPorts")] = new JsonArray(Pick<Func<JsonNode>>(() => 8080, () => "9000:9999", () => "http", () => "query")());
        return entity;
    }

    private JsonObject KubernetesSpec()
    {
        var spec = new JsonObject { ["podSelector"] = Labels("app", "a", "b"), ["policyTypes"] = Pick<Func<JsonArray>>(() => ["Ingress"], () => ["Egress"], () => ["Ingress", "Egress"])() };
        foreach (string direction in spec["policyTypes"]!.AsArray().Select(type => type!.GetValue<string>().ToLowerInvariant()).ToList())
            spec[direction] = new JsonArray([.. Enumerable.Range(0, _random.Next(0, 3)).Select(_ => (JsonNode)KubernetesRule(direction == "ingress" ? "from" : "to"))]);
        return spec;
    }

    private JsonObject KubernetesRule(string peers)
    {
        var rule = new JsonObject();
        if (_random.Next(4) > 0) rule[peers] = new JsonArray([.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => (JsonNode)Peer())]);
        if (_random.Next(2) == 0) rule["ports"] = new JsonArray(Port());
        return rule;
    }

    private JsonObject Peer() => _random.Next(4) switch
    {
        0 => new JsonObject { ["podSelector"] = Labels("app", "a", "b") },
        1 => new JsonObject { ["namespaceSelector"] = Labels("color", Namespaces) },
        2 => new JsonObject { ["namespaceSelector"] = Labels("env", "prod", "dev"), ["podSelector"] = Labels("role", "client", "server") },
        _ => new JsonObject { ["ipBlock"] = new JsonObject { ["cidr"] = "0.0.0.0/0", ["except"] = new JsonArray(Pick(NetsV4[..2])) } },
    };

    private JsonObject Port() => _random.Next(3) switch
    {
        0 => new JsonObject { ["protocol"] = "TCP", ["port"] = 8080 },
        1 => new JsonObject { ["protocol"] = "TCP", ["port"] = 9000, ["endPort"] = 9100 },
        _ => new JsonObject { ["protocol"] = "UDP", ["port"] = "query" },
    };

    private JsonObject Labels(string key, params string[] values) =>
        _random.Next(4) == 0 ? [] : new JsonObject { ["matchLabels"] = new JsonObject { [key] = Pick(values) } };

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private static JsonObject Object(string apiVersion, string kind, string name, string? ns, JsonObject spec)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null) metadata["namespace"] = ns;
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata, ["spec"] = spec };
    }
}
