using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Bench.Policy.Inputs;

/// <summary>Felix's "Snapshot" family (workload A): remote endpoints, 200 local ones, tag policies, network sets with a policy each.</summary>
internal static class SnapshotWorkload
{
    private const int Namespaces = 100;
    private const int Locals = 200;
    private static readonly string[] Words = ["FizzBuzz", "BoffBip", "Bazzle", "Razzle", "DoopDeeDoo", "SOME_LABEL", "BORED_NOW"];
    private static readonly int[] Sizes = [1, 1, 1, 1, 2, 3, 4, 5, 100, 1000];
    private static readonly string[] Markers = MakeMarkers();

    public static Workload Create(int total, int tagPolicies, int networkSets, bool deletes)
    {
        var labels = new LabelMaker();
        var addresses = new AddressCounter();
        var workload = new Workload { DeletesLocals = deletes };
        for (int i = 0; i < tagPolicies; i++) workload.Policies.Add(TagPolicy(i));
        for (int i = 0; i < Namespaces; i++) workload.Profiles.Add(NamespaceProfile($"namespace-{i}"));
        workload.Remote = Endpoints(total, labels, addresses);
        var prefixes = new AddressCounter();
        for (int i = 0; i < networkSets; i++) workload.NetworkSets.Add(NetworkSet(i, prefixes));
        workload.Local = Endpoints(Locals, labels, addresses, "local-");
        return workload;
    }

    private static Profile NamespaceProfile(string name) => new()
    {
        Metadata = new() { Name = $"kns.{name}" },
        Spec = new() { LabelsToApply = new(1) { ["pcns.projectcalico.org/name"] = name } },
    };

    /// <summary>Local endpoints start again with number 0, as the peer's do, where the host keeps them apart; here the name does.</summary>
    private static EndpointInput[] Endpoints(int count, LabelMaker labels, AddressCounter addresses, string prefix = "")
    {
        var endpoints = new EndpointInput[count];
        for (int i = 0; i < count; i++)
            endpoints[i] = new($"namespace-{i % Namespaces}", $"{prefix}wep-{i}", labels.Next(), addresses.Next());
        var names = new string[Namespaces];
        for (int i = 0; i < count; i++)
            endpoints[i] = endpoints[i] with { Namespace = names[i % Namespaces] ??= endpoints[i].Namespace };
        return endpoints;
    }

    private static GlobalNetworkPolicy TagPolicy(int i)
    {
        var rules = new List<Rule>(5);
        for (int j = 0; j < 5; j++)
            rules.Add(new Rule { Action = PolicyAction.Allow, Source = new EntityRule { Selector = $"has({Markers[(i + j) % Markers.Length]})" } });
        return Policy($"tag-pol-{i}", $"has({Markers[i % Markers.Length]})", rules);
    }

    private static (NetworkSetInput, GlobalNetworkPolicy) NetworkSet(int i, AddressCounter addresses)
    {
        string name = $"network-set-{i}";
        var prefixes = new IpPrefix[Sizes[i % Sizes.Length]];
        for (int j = 0; j < prefixes.Length; j++) prefixes[j] = addresses.Next().ToPrefix();
        var rule = new Rule { Action = PolicyAction.Allow, Source = new EntityRule { Selector = $"network-set-name == '{name}'" } };
        return (new NetworkSetInput(name, [new("network-set-name", name)], prefixes), Policy($"network-set-pol-{i}", "all()", [rule]));
    }

    /// <summary>No types given means both directions to the peer; to the API it does not, so they are said.</summary>
    private static GlobalNetworkPolicy Policy(string name, string selector, List<Rule> ingress) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { Selector = selector, Ingress = ingress, Types = BothTypes },
    };

    private static readonly List<string> BothTypes = [PolicyType.Ingress, PolicyType.Egress];

    private static string[] MakeMarkers()
    {
        string[] Family(string start) => [$"{start}FOO_BAR", $"{start}BIFF_BOP", .. Words.Select(w => $"{(start.Length == 0 ? "" : start)}calico/{w}")];
        return ["FOO_BAR", .. Family(""), "MyMarkerLabel", .. Family("x"), "yxMyMarkerLabel", .. Family("yx"), "yxMyMarkerLabel"];
    }

    /// <summary>Six labels from a running counter; the strings are shared, as the peer's interned maps share theirs.</summary>
    private sealed class LabelMaker
    {
        private static readonly int[] Cycles = [10, 11, 20, 30, 40];
        private static readonly string[] Keys = [.. Cycles.Select(c => $"one-in-{c}")];
        private static readonly string[] Values = [.. Enumerable.Range(0, 40).Select(v => "value-" + v.ToString(CultureInfo.InvariantCulture))];
        private int _counter;

        public KeyValuePair<string, string>[] Next()
        {
            int s = ++_counter;
            var labels = new KeyValuePair<string, string>[Cycles.Length + 1];
            for (int i = 0; i < Cycles.Length; i++) labels[i] = new(Keys[i], Values[s % Cycles[i]]);
            labels[^1] = new(Markers[s % Markers.Length], "true");
            return labels;
        }
    }
}
