using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation.Hot;

/// <summary>
/// The rules of a tier or of profiles in order, each filed under one thing that it needs: a set on one side, or a destination
/// port. A packet tries the rules under what it has, and those that need nothing of the kind; the first in order counts.
/// </summary>
internal sealed class HotRules
{
    // A range of so many ports stands under each of them.
    private const int MaxPorts = 32;

    private readonly HotRule[] _rules;
    private readonly Dictionary<int, int[]> _bySource = [];
    private readonly Dictionary<int, int[]> _byDestination = [];
    private readonly Dictionary<int, int[]> _byPort = [];
    private readonly int[] _others;

    internal HotRules(IEnumerable<HotRule> rules)
    {
        _rules = [.. rules];
        Dictionary<int, List<int>> bySource = [], byDestination = [], byPort = [];
        var others = new List<int>();
        for (int i = 0; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            if (rule.IsIdle) continue;
            if (!File(bySource, rule.Source, i) && !File(byDestination, rule.Destination, i) && !FileByPort(byPort, rule, i)) others.Add(i);
        }
        Freeze(bySource, _bySource);
        Freeze(byDestination, _byDestination);
        Freeze(byPort, _byPort);
        _others = [.. others];
    }

    /// <summary>The first rule that matches and decides.</summary>
    public PolicyRule? FirstMatch(in Packet packet, SetMarks from, SetMarks to)
    {
        int best = int.MaxValue;
        if (_bySource.Count > 0)
            foreach (int set in from.Found) Try(_bySource, set, packet, from, to, ref best);
        if (_byDestination.Count > 0)
            foreach (int set in to.Found) Try(_byDestination, set, packet, from, to, ref best);
        if (_byPort.Count > 0 && packet.HasPorts) Try(_byPort, packet.DestinationPort, packet, from, to, ref best);
        Try(_others, packet, from, to, ref best);
        return best == int.MaxValue ? null : _rules[best].Rule;
    }

    private void Try(Dictionary<int, int[]> file, int key, in Packet packet, SetMarks from, SetMarks to, ref int best)
    {
        if (file.TryGetValue(key, out int[]? rules)) Try(rules, packet, from, to, ref best);
    }

    /// <summary>The numbers ascend, so what comes after the best one so far, or after a match, is of no interest.</summary>
    private void Try(int[] rules, in Packet packet, SetMarks from, SetMarks to, ref int best)
    {
        foreach (int rule in rules)
        {
            if (rule >= best) return;
            if (!_rules[rule].Matches(packet, from, to)) continue;
            best = rule;
            return;
        }
    }

    /// <summary>Under the first set that it needs; under each of several when one will do.</summary>
    private static bool File(Dictionary<int, List<int>> file, HotSide side, int rule)
    {
        if (side.Sets.Length > 0) Add(file, side.Sets[0], rule);
        else if (side.ServiceSet >= 0) Add(file, side.ServiceSet, rule);
        else if (side.NeedsPortSet) foreach (int set in side.PortSets) Add(file, set, rule);
        else return false;
        return true;
    }

    private static bool FileByPort(Dictionary<int, List<int>> file, HotRule rule, int number)
    {
        if (rule.Destination.PortSets.Length > 0 || rule.Rule.Destination.Ports is not { IsEmpty: false } ranges) return false;
        if (ranges.Sum(r => r.Last - r.First + 1) > MaxPorts) return false;
        foreach (int port in ranges.SelectMany(r => Enumerable.Range(r.First, r.Last - r.First + 1)).Distinct()) Add(file, port, number);
        return true;
    }

    private static void Add(Dictionary<int, List<int>> file, int key, int rule)
    {
        if (!file.TryGetValue(key, out var rules)) file.Add(key, rules = []);
        rules.Add(rule);
    }

    private static void Freeze(Dictionary<int, List<int>> from, Dictionary<int, int[]> to)
    {
        foreach (var (key, rules) in from) to.Add(key, [.. rules]);
    }
}
