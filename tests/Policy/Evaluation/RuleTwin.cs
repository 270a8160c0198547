using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Model.Selectors;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>
/// v3 policy, read straight off the objects for one packet: no sets, no index, no compiled rules, no combined selectors.
/// Slow, and knows nothing of how we do it. Only for objects without mistakes in them.
/// </summary>
internal sealed class RuleTwin(IReadOnlyList<Resource> objects)
{
    /// <summary>Something that owns addresses.</summary>
    private sealed record Owner(string? Namespace, string? Account, Dictionary<string, string> Labels, List<IpPrefix> Nets, Pod? Pod)
    {
        public List<string> Profiles { get; init; } = [$"kns.{Namespace}", $"ksa.{Namespace}.{Account}"];

        public List<HostEndpointPort> HostPorts { get; init; } = [];
    }

    private readonly List<Owner> _owners = [.. objects.Select(OwnerOf).OfType<Owner>()];

    private sealed record Candidate(string Name, string? Namespace, string Kind, PolicySpec Spec);

    public bool Allows(Pod endpoint, PolicyDirection direction, Packet packet)
    {
        var owner = OwnerOf(endpoint)!;
        var selecting = Policies().Where(p => Types(p.Spec).Contains(direction) && Selects(p, owner)).ToList();
        var tiers = selecting.Select(p => TierName(p.Spec)).Distinct()
            .OrderBy(t => Find<Tier>(t) is null).ThenBy(t => Find<Tier>(t)?.Spec.Order ?? double.MaxValue).ThenBy(t => t, StringComparer.Ordinal);
        foreach (string tier in tiers)
        {
            var ordered = selecting.Where(p => TierName(p.Spec) == tier)
                .OrderBy(p => p.Spec.Order ?? double.MaxValue).ThenBy(p => $"{p.Name}/{p.Namespace}/{p.Kind}", StringComparer.Ordinal);
            switch (First(ordered.SelectMany(p => Rules(p.Spec, direction).Select(r => (r, p.Namespace))), packet))
            {
                case "Allow": return true;
                case "Deny": return false;
                case null when Find<Tier>(tier)?.Spec.DefaultAction != "Pass": return false;
            }
        }
        string[] profiles = owner.Account is null ? [$"kns.{owner.Namespace}"] : [$"kns.{owner.Namespace}", $"ksa.{owner.Namespace}.{owner.Account}"];
        foreach (string name in profiles)
        {
            var profile = Find<Profile>(name);
            if (profile is null && name.StartsWith("kns.", StringComparison.Ordinal) && Find<Namespace>(owner.Namespace!) is not null) return true;
            var rules = (direction == PolicyDirection.Ingress ? profile?.Spec.Ingress : profile?.Spec.Egress) ?? [];
            if (First(rules.Select(r => (r, (string?)null)), packet) is { } action) return action == "Allow";
        }
        return false;
    }

    private IEnumerable<Candidate> Policies() =>
        objects.OfType<NetworkPolicy>().Select(p => new Candidate(p.Metadata.Name!, p.Metadata.Namespace, "NetworkPolicy", p.Spec))
            .Concat(objects.OfType<GlobalNetworkPolicy>().Where(p => p.Spec is { DoNotTrack: not true, PreDNAT: not true }).Select(p => new Candidate(p.Metadata.Name!, null, "GlobalNetworkPolicy", p.Spec)));

    private T? Find<T>(string name) where T : Resource => objects.OfType<T>().FirstOrDefault(o => o.Metadata.Name == name);

    private static string TierName(PolicySpec spec) => spec.Tier ?? "default";

    private static List<Rule> Rules(PolicySpec spec, PolicyDirection direction) =>
        (direction == PolicyDirection.Ingress ? spec.Ingress : spec.Egress) ?? [];

    private static List<PolicyDirection> Types(PolicySpec spec)
    {
        if (spec.Types is { Count: > 0 } types)
            return [.. types.SelectMany(t => t switch
            {
                "Ingress" => [PolicyDirection.Ingress],
                "Egress" => [PolicyDirection.Egress],
                _ => (PolicyDirection[])[PolicyDirection.Ingress, PolicyDirection.Egress],
            })];
        if (Rules(spec, PolicyDirection.Egress).Count == 0) return [PolicyDirection.Ingress];
        return Rules(spec, PolicyDirection.Ingress).Count == 0 ? [PolicyDirection.Egress] : [PolicyDirection.Ingress, PolicyDirection.Egress];
    }

    private bool Selects(Candidate policy, Owner endpoint)
    {
        if (policy.Namespace is not null && policy.Namespace != endpoint.Namespace) return false;
        if (policy.Spec is GlobalNetworkPolicySpec { NamespaceSelector: { Length: > 0 } namespaces } && !InNamespaces(endpoint, namespaces)) return false;
        if (policy.Spec.ServiceAccountSelector is { Length: > 0 } accounts && !Selector.Parse(accounts).Evaluate(AccountLabels(endpoint))) return false;
        return Matches(endpoint, policy.Spec.Selector);
    }

    private string? First(IEnumerable<(Rule Rule, string? Namespace)> rules, Packet packet) =>
        rules.Where(r => r.Rule.Action != "Log" && Matches(r.Rule, r.Namespace, packet)).Select(r => r.Rule.Action).FirstOrDefault();

    private bool Matches(Rule rule, string? @namespace, Packet packet)
    {
        bool six = packet.Source.Family == IpFamily.V6;
        if (rule.IpVersion is { } version && version != (six ? 6 : 4)) return false;
        if (rule.Protocol is { } protocol && Number(protocol) != packet.Protocol) return false;
        if (rule.Protocol is { } p && Number(p) == (six ? 1 : 58)) return false;
        if (rule.Icmp is { } icmp && ((icmp.Type is { } t && t != packet.IcmpType) || (icmp.Code is { } c && c != packet.IcmpCode))) return false;
        return Matches(rule.Source ?? new(), @namespace, packet.Source, packet.SourcePort, packet, false)
            && Matches(rule.Destination ?? new(), @namespace, packet.Destination, packet.DestinationPort, packet, true);
    }

    private static int Number(Protocol protocol) => protocol.Number ?? (protocol.Name == "tcp" ? 6 : throw new FormatException());

    private bool Matches(EntityRule side, string? @namespace, IpAddr address, ushort port, Packet packet, bool isDestination)
    {
        if (side.Nets is { Count: > 0 } nets && !nets.Exists(n => IpPrefix.Parse(n).Contains(address))) return false;
        if (side.NotNets is { Count: > 0 } notNets
            && (!notNets.Exists(n => IpPrefix.Parse(n).Family == address.Family) || notNets.Exists(n => IpPrefix.Parse(n).Contains(address)))) return false;

        var here = _owners.FindAll(o => o.Nets.Exists(n => n.Contains(address)));
        bool Named(EntityRule s) => s.Selector is { Length: > 0 } || s.NamespaceSelector is { Length: > 0 }
            || s.ServiceAccounts is not null || (@namespace is not null && s.NotSelector is { Length: > 0 });
        bool InScope(Owner o) =>
            (side.NamespaceSelector is { Length: > 0 } ns ? InNamespaces(o, ns) : @namespace is null || o.Namespace == @namespace)
            && (side.ServiceAccounts?.Selector is not { Length: > 0 } sas || Selector.Parse(sas).Evaluate(AccountLabels(o)))
            && (side.ServiceAccounts?.Names is not { Count: > 0 } names || (o.Account is not null && names.Contains(o.Account)))
            && (side.Selector is not { Length: > 0 } s || Matches(o, s))
            && (side.NotSelector is not { Length: > 0 } not || !Matches(o, not));
        if (Named(side) && !here.Exists(InScope)) return false;
        if (!Named(side) && side.NotSelector is { Length: > 0 } only && here.Exists(o => Matches(o, only))) return false;

        bool Is(PolicyPort wanted) => wanted.Name is { } name
            ? here.Exists(o => (!Named(side) || InScope(o)) && ((o.Pod is { } pod && pod.Spec.Containers!.SelectMany(c => c.Ports!)
                .Any(cp => cp.Name == name && cp.Number == port && (cp.Protocol ?? "TCP") == (packet.Protocol == 17 ? "UDP" : "TCP")))
                || o.HostPorts.Exists(hp => hp.Name == name && hp.Port == port && packet.Protocol == 6)))
            : port >= wanted.First && port <= wanted.Last;
        if (side.Ports is { Count: > 0 } ports && !ports.Exists(Is)) return false;
        if (side.NotPorts is { Count: > 0 } notPorts && notPorts.Exists(Is)) return false;

        return side.Services is not { } service || Backends(service.Name!, service.Namespace ?? @namespace!)
            .Any(b => b.Address == address && (!isDestination || (packet.HasPorts && b.Protocol == packet.Protocol && b.Port == port)));
    }

    private IEnumerable<(IpAddr Address, int Protocol, int? Port)> Backends(string service, string @namespace)
    {
        var slices = objects.OfType<EndpointSlice>().Where(s => s.Metadata.Namespace == @namespace && s.Metadata.Labels!["kubernetes.io/service-name"] == service).ToList();
        var fromSlices =
            from s in slices
            from e in s.Endpoints
            from a in e.Addresses
            where IpAddr.TryParse(a, out _)
            from p in s.Ports!
            select (IpAddr.Parse(a), p.Protocol == "UDP" ? 17 : 6, p.Port);
        var fromEndpoints =
            from e in objects.OfType<Endpoints>().Where(e => e.Metadata.Name == service && e.Metadata.Namespace == @namespace)
            from s in e.Subsets!
            from a in s.NotReadyAddresses!
            from p in s.Ports!
            select (IpAddr.Parse(a.Ip), 6, (int?)p.Port);
        return slices.Count > 0 ? fromSlices : fromEndpoints;
    }

    private bool InNamespaces(Owner owner, string selector) => selector switch
    {
        "all()" => owner.Namespace is not null,
        "global()" => owner.Namespace is null,
        _ => Selector.Parse(selector).Evaluate(NamespaceLabels(owner)),
    };

    /// <summary>The labels that reach the owner from its namespace: by the profile object when there is one.</summary>
    private Dictionary<string, string> NamespaceLabels(Owner owner) =>
        (from p in owner.Profiles.FindAll(p => p.StartsWith("kns.", StringComparison.Ordinal))
         from l in Inherited(p, Find<Namespace>(p[4..]), "pcns.")
         group l.Value by l.Key).ToDictionary(g => g.Key, g => g.First());

    private Dictionary<string, string> AccountLabels(Owner owner)
    {
        if (owner.Account is null) return [];
        var account = objects.OfType<ServiceAccount>().FirstOrDefault(a => a.Metadata.Name == owner.Account && a.Metadata.Namespace == owner.Namespace);
        return Inherited($"ksa.{owner.Namespace}.{owner.Account}", account, "pcsa.");
    }

    private Dictionary<string, string> Inherited(string profile, Resource? source, string prefix)
    {
        if (Find<Profile>(profile) is { } given)
            return given.Spec.LabelsToApply!.Where(l => l.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(l => l.Key[prefix.Length..], l => l.Value);
        if (source is null) return [];
        return new(source.Metadata.Labels ?? []) { ["projectcalico.org/name"] = source.Metadata.Name! };
    }

    private bool Matches(Owner owner, string? selector)
    {
        if (string.IsNullOrEmpty(selector)) return true;
        var labels = new Dictionary<string, string>(owner.Labels);
        foreach (string profile in owner.Profiles)
            foreach (var (key, value) in Find<Profile>(profile)?.Spec.LabelsToApply ?? [])
                labels.TryAdd(key, value);
        return Selector.Parse(selector).Evaluate(labels);
    }

    private static Owner? OwnerOf(Resource resource) => resource switch
    {
        Pod pod when pod.Spec.HostNetwork != true && pod.Status!.Phase == "Running" => new Owner(
            pod.Metadata.Namespace, pod.Spec.ServiceAccountName, Honest(pod.Metadata.Labels),
            [.. pod.Status.PodIPs!.Select(i => IpPrefix.Parse(i.Ip))], pod),
        NetworkSet set => new Owner(set.Metadata.Namespace, null, Honest(set.Metadata.Labels), Nets(set.Spec), null),
        HostEndpoint host => new Owner(null, null, Honest(host.Metadata.Labels), [.. host.Spec.ExpectedIPs!.Where(a => IpAddr.TryParse(a, out _)).Select(IpPrefix.Parse)], null)
        {
            Profiles = host.Spec.Profiles!,
            HostPorts = host.Spec.Ports!,
        },
        GlobalNetworkSet set => new Owner(null, null, Honest(set.Metadata.Labels), Nets(set.Spec), null),
        _ => null,
    };

    private static Dictionary<string, string> Honest(Dictionary<string, string>? labels) =>
        (labels ?? []).Where(l => !l.Key.StartsWith("pc", StringComparison.Ordinal)).ToDictionary();

    private static List<IpPrefix> Nets(NetworkSetSpec spec) => [.. spec.Nets!.Where(n => IpPrefix.TryParse(n, out _)).Select(IpPrefix.Parse)];
}
