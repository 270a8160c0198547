using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Hosts;
using Margay.Policy.Reachability.Packets;

namespace Margay.Answers.Verify;

/// <summary>
/// Proves or refutes invariants over the table of who reaches whom. Every pair of cells is decided for all packets at once;
/// a counterexample is put to the evaluator, which must agree.
/// </summary>
internal sealed class InvariantProof(PolicyWorld world, PolicyReach reach)
{
    /// <summary>The sides of the traffic in the list that cells are divided by.</summary>
    private const int From = 0;
    private const int To = 1;

    private readonly FlowTable _flows = new();
    private readonly PodNames _pods = new(world.Directory);
    private readonly AddressNames _addresses = new(world.Objects);

    /// <summary>The prefixes that the division of addresses has to know.</summary>
    internal static IEnumerable<IpPrefix> Prefixes(IEnumerable<Invariant> invariants) =>
        PublicAddresses.Private.Concat(invariants.SelectMany(i => i.Except.Prepend(i.Traffic)).SelectMany(t => t.From.Prefixes.Concat(t.To.Prefixes)));

    /// <summary>Decides about one invariant.</summary>
    internal InvariantResult Prove(Invariant invariant, CancellationToken stop)
    {
        var sides = new List<Side> { invariant.Traffic.From, invariant.Traffic.To };
        foreach (var except in invariant.Except) sides.AddRange([except.From, except.To]);
        if (sides.Count > 32) throw new AnswerException($"{invariant.Place}: \"{invariant.Name}\" has more than 15 exceptions; make several invariants of it.");

        var found = new BreachCollection(_pods, _addresses);
        int pairs = 0;
        bool anyFrom = false, anyTo = false;
        foreach (var family in reach.Families)
        {
            var ports = Ports(invariant.Traffic, family.Atoms.Family);
            var exceptPorts = invariant.Except.Select(e => Ports(e, family.Atoms.Family)).ToArray();
            var cells = new SideMembers(world, family).Divide(sides);
            var to = cells.Where(c => c.Is(To)).ToArray();
            anyFrom |= cells.Any(c => c.Is(From));
            anyTo |= to.Length > 0;
            foreach (var source in cells.Where(c => c.Is(From)))
            {
                stop.ThrowIfCancellationRequested();
                foreach (var destination in to)
                {
                    var pieces = Pieces(source, destination);
                    pairs += pieces.Length;
                    var wrong = Array.ConvertAll(pieces, p => Wrong(p.From, p.To));
                    // What is wrong with all of them alike is said of the whole.
                    if (wrong.Length > 1 && Array.TrueForAll(wrong, w => w.Equals(wrong[0]))) (pieces, wrong) = ([(source, destination)], [wrong[0]]);
                    for (int i = 0; i < pieces.Length; i++)
                        if (!wrong[i].IsEmpty) found.Add(family, pieces[i].From, pieces[i].To, wrong[i]);
                }

                PacketSet Wrong(Cell from, Cell destination)
                {
                    var wrong = InvariantProof.Wrong(invariant.Expects, Passing(from, destination), ports);
                    for (int i = 0; i < exceptPorts.Length && !wrong.IsEmpty; i++)
                        if (from.Is(2 + (2 * i)) && destination.Is(3 + (2 * i))) wrong = wrong.Except(exceptPorts[i]);
                    return wrong;
                }
            }
        }
        if (found.First is { } first)
            return new InvariantResult(invariant, ProofOutcome.Refuted, pairs, Counterexample(first, invariant.Expects), found.Sum(), "");
        if (pairs == 0)
            return new InvariantResult(invariant, ProofOutcome.Empty, 0, null, [], Remark(invariant, anyFrom, anyTo));
        return new InvariantResult(invariant, ProofOutcome.Proven, pairs, null, [], "");
    }

    /// <summary>A pair of cells, divided where one of them is a host; what meets no policy is left out.</summary>
    private static (Cell From, Cell To)[] Pieces(Cell source, Cell destination)
    {
        if (source.Host is null && destination.Host is null) return Meet(source, destination) ? [(source, destination)] : [];
        return [.. destination.Beside(source).SelectMany(to => source.Beside(to).Select(from => (from, to))).Where(p => Meet(p.from, p.to))];
    }

    private static string Remark(Invariant invariant, bool anyFrom, bool anyTo)
    {
        string what = !anyFrom ? $"nothing is in from ({invariant.Traffic.From.Text})"
            : !anyTo ? $"nothing is in to ({invariant.Traffic.To.Text})"
            : "no two different ends of which one is a pod or a host with policy";
        return $"{what}: correct the selector, or say mayBeEmpty: true";
    }

    /// <summary>What passes. A host reaches its own pods whatever policy says, theirs too.</summary>
    private PacketSet Passing(Cell source, Cell destination)
    {
        bool own = source.Node is not null && source.Node == destination.Node;
        if (own && source.Host is { } self && destination.Class is not null) return PacketSet.All(self.Address.Family);
        var egress = source.Class?.Egress.At(destination.Atom) ?? source.Host?.ToNetwork.At(destination.Atom);
        return _flows.Allowed(egress, destination.Class?.Ingress.At(source.Atom) ?? destination.Host?.Ingress(source.Atom, own));
    }

    /// <summary>Policy has a say when one end is a pod or a host with policy, and not when a pod or a host talks to itself.</summary>
    private static bool Meet(Cell source, Cell destination) =>
        !(source.IsOutside && destination.IsOutside)
        && !(source.Host is { } self && self.Node == destination.Host?.Node)
        && !(source.Pods is [var only] && destination.Pods is [var same] && only == same);

    private static PacketSet Wrong(Expectation expects, PacketSet allowed, PacketSet ports) =>
        expects == Expectation.Deny ? allowed.And(ports) : ports.Except(allowed);

    private static PacketSet Ports(Traffic traffic, IpFamily family) =>
        traffic.Ports.IsEmpty ? PacketSet.All(family) : traffic.Ports.Aggregate(PacketSet.Empty(family), (all, word) => all.Or(word.In(family)));

    private Counterexample Counterexample(FoundBreach breach, Expectation expects)
    {
        var evaluator = new Evaluator(world.State);
        var (source, destination) = breach.Pods;
        bool own = (source is { } pod && world.NodeOf(pod) is { } node && node == breach.Destination.Host?.Node)
            || (destination is { } other && world.NodeOf(other) is { } home && home == breach.Source.Host?.Node);
        // A host reaches its own pods whatever policy says: nobody is asked.
        bool free = own && breach.Source.Host is not null && destination is not null;
        var egress = source is { } from ? evaluator.Evaluate(from, PolicyDirection.Egress, breach.Packet)
            : !free && breach.Source.Host is { } sender ? HostVerdicts.From(world.State, sender.Place, breach.Packet) : null;
        var ingress = free || egress is { Allowed: false } ? null
            : destination is { } to ? evaluator.Evaluate(to, PolicyDirection.Ingress, breach.Packet)
            : breach.Destination.Host is { } receiver ? HostVerdicts.To(world.State, receiver.Place, breach.Packet, own ? source : null) : null;
        var example = new Counterexample(Name(source, breach.Source.Host, breach.Packet.Source), Name(destination, breach.Destination.Host, breach.Packet.Destination), breach.Packet, egress, ingress);
        if (example.Allowed != (expects == Expectation.Deny))
            throw new InvalidOperationException($"The table of who reaches whom and the evaluator disagree about {example.Source} -> {example.Destination} {breach.Packet}. Please report this.");
        return example;
    }

    private static string Name(EndpointId? pod, HostEnd? host, IpAddr address) => pod is { } id ? $"{id.Namespace}/{id.Name}" : host is not null ? $"host {host.Node}" : address.ToString();
}
