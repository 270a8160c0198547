using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Addresses;
using Margay.Policy.Reachability.Hosts;
using Margay.Policy.Reachability.Rules;

namespace Margay.Policy.Reachability;

/// <summary>Who can reach whom, with what, in one family.</summary>
public sealed class FamilyReach
{
    private readonly CompiledState _state;
    private readonly int _world;
    private readonly Dictionary<PolicyRule, RuleMatch> _rules = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(EntityMatch Side, bool IsSource), SideMatch> _sides = [];
    private readonly Dictionary<(PolicyDirection Direction, int Tiers, int Profiles), ProgramSpecializer> _programs = [];
    private readonly ListNumbers<TierBinding> _tiers = new();
    private readonly ListNumbers<PolicyId> _profiles = new();
    private readonly Dictionary<Decisions, Decisions> _decisions = [];
    private readonly Dictionary<EndpointId, ImmutableArray<EndpointClass>> _byEndpoint = [];
    private readonly Dictionary<IpAddr, HostEnd> _hosts = [];
    private readonly Dictionary<HostProgramKey, ProgramSpecializer> _hostPrograms = [];
    private readonly ILookup<string, HostEndpointUpdate> _hostEndpoints;
    private readonly Dictionary<string, HostEndpointChoice> _choices = [];

    internal FamilyReach(CompiledState state, int world, AddressAtoms atoms)
    {
        _state = state;
        _world = world;
        Atoms = atoms;
        _hostEndpoints = state.HostEndpoints.Values.ToLookup(e => e.Node);
        Classes = Classify();
        foreach (var group in Classes.SelectMany(c => c.Endpoints.Select(e => (Endpoint: e, Class: c))).GroupBy(p => p.Endpoint))
            _byEndpoint.Add(group.Key, [.. group.Select(p => p.Class)]);
        ByAtom = Classes.ToLookup(c => c.Atom);
        Hosts = [.. new HostPlaces(state).Places.Where(p => p.Address.Family == atoms.Family).Select(HostAt)];
    }

    /// <summary>The addresses.</summary>
    public AddressAtoms Atoms { get; }

    /// <summary>The classes of endpoints that have an address of the family.</summary>
    public ImmutableArray<EndpointClass> Classes { get; }

    /// <summary>The classes of endpoints whose address is in an atom.</summary>
    public ILookup<int, EndpointClass> ByAtom { get; }

    /// <summary>The hosts with policy of their own, at each of their addresses, in order.</summary>
    public ImmutableArray<HostEnd> Hosts { get; }

    /// <summary>The programs in use, with the endpoints' atoms that they run for; for questions about rules.</summary>
    internal Dictionary<ProgramSpecializer, SortedSet<int>> Programs { get; } = [];

    /// <summary>The classes that an endpoint is in: one for each atom that its addresses of the family belong to.</summary>
    public ImmutableArray<EndpointClass> Of(EndpointId endpoint) => _byEndpoint.GetValueOrDefault(endpoint, []);

    /// <summary>The address by which an endpoint is in an atom.</summary>
    /// <exception cref="ArgumentException">It has no address there.</exception>
    public IpAddr AddressOf(EndpointId endpoint, int atom)
    {
        foreach (var address in _state.Endpoints[endpoint].Addresses)
            if (address.Family == Atoms.Family && Atoms.Of(address) == atom) return address;
        throw new ArgumentException($"{endpoint} has no address in atom {atom}.", nameof(atom));
    }

    private ImmutableArray<EndpointClass> Classify()
    {
        var members = new Dictionary<(PeerDecisions Ingress, PeerDecisions Egress, int Atom), List<EndpointId>>();
        foreach (var (id, endpoint) in _state.Endpoints)
        {
            ProgramSpecializer? ingress = null, egress = null;
            foreach (int atom in endpoint.Addresses.Where(a => a.Family == Atoms.Family).Select(Atoms.Of).Distinct())
            {
                ingress ??= Specializer(PolicyDirection.Ingress, endpoint.IngressTiers, endpoint.Profiles);
                egress ??= Specializer(PolicyDirection.Egress, endpoint.EgressTiers, endpoint.Profiles);
                Programs[ingress].Add(atom);
                Programs[egress].Add(atom);
                var key = (ingress.For(atom, Share), egress.For(atom, Share), atom);
                if (!members.TryGetValue(key, out var list)) members.Add(key, list = []);
                list.Add(id);
            }
        }
        foreach (var list in members.Values) list.Sort(Compare);
        return [.. members.OrderBy(m => m.Value[0], Comparer<EndpointId>.Create(Compare)).ThenBy(m => m.Key.Atom).Select((m, number) =>
            new EndpointClass(number, m.Key.Atom, m.Key.Ingress, m.Key.Egress, [.. m.Value]))];
    }

    /// <summary>A host's own processes at an address that this or the other world of a comparison gives it.</summary>
    internal HostEnd HostAt(HostPlace place)
    {
        if (_hosts.TryGetValue(place.Address, out var known)) return known;
        if (!_choices.TryGetValue(place.Node, out var choice)) _choices.Add(place.Node, choice = new HostEndpointChoice(_hostEndpoints[place.Node]));
        int atom = Atoms.Of(place.Address);
        known = new HostEnd(
            place, atom, Of(HostProgram.Network(choice, place, PolicyDirection.Ingress)), Of(HostProgram.Network(choice, place, PolicyDirection.Egress)),
            Of(HostProgram.OwnPods(choice)));
        _hosts.Add(place.Address, known);
        return known;

        PeerDecisions Of(HostProgramParts parts)
        {
            var key = parts.Key(_tiers, _profiles);
            if (!_hostPrograms.TryGetValue(key, out var specializer))
            {
                _hostPrograms.Add(key, specializer = new ProgramSpecializer(HostProgram.Read(_state, parts), Atoms, Read));
                Programs.Add(specializer, []);
            }
            Programs[specializer].Add(atom);
            return specializer.For(atom, Share);
        }
    }

    private ProgramSpecializer Specializer(PolicyDirection direction, ImmutableArray<TierBinding> tiers, ImmutableArray<PolicyId> profiles)
    {
        var key = (direction, _tiers.Of(tiers), _profiles.Of(profiles));
        if (_programs.TryGetValue(key, out var known)) return known;
        known = new ProgramSpecializer(PolicyProgram.Read(_state, direction, tiers, profiles), Atoms, Read);
        _programs.Add(key, known);
        Programs.Add(known, []);
        return known;
    }

    private RuleMatch Read(PolicyRule rule)
    {
        if (!_rules.TryGetValue(rule, out var match)) _rules.Add(rule, match = RuleMatch.Read(rule, Atoms, Side));
        return match;
    }

    private SideMatch Side(EntityMatch side, bool isSource)
    {
        if (!_sides.TryGetValue((side, isSource), out var match)) _sides.Add((side, isSource), match = SideMatch.Read(side, isSource, Atoms, _world));
        return match;
    }

    private Decisions Share(Decisions decisions)
    {
        if (_decisions.TryGetValue(decisions, out var known)) return known;
        _decisions.Add(decisions, decisions);
        return decisions;
    }

    private static int Compare(EndpointId a, EndpointId b)
    {
        int order = string.CompareOrdinal(a.Namespace, b.Namespace);
        if (order == 0) order = string.CompareOrdinal(a.Name, b.Name);
        return order != 0 ? order : string.CompareOrdinal(a.Interface, b.Interface);
    }
}
