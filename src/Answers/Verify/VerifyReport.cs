using System.Globalization;
using Margay.Answers.Reports;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Verify;

/// <summary>Puts an answer into words and into the common report.</summary>
public static class VerifyReport
{
    private const int ShownBreaches = 6;

    /// <summary>For people.</summary>
    public static void WriteText(TextWriter output, VerifyAnswer answer, RulePlaces places)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(answer);
        foreach (var result in answer.Invariants)
        {
            output.WriteLine($"{Word(result),-8} {result.Invariant.Name}{(result.Outcome == ProofOutcome.Proven ? $" ({result.Pairs} pairs of groups)" : "")}");
            foreach (string line in Details(result, places)) output.WriteLine($"         {line}");
        }
        if (answer.Hygiene.Length > 0)
        {
            output.WriteLine();
            foreach (var finding in answer.Hygiene) output.WriteLine(finding.ToString());
        }
        int failed = answer.Invariants.Count(i => !i.Holds);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{answer.Invariants.Length - failed} of {answer.Invariants.Length} invariants hold; {answer.Hygiene.Length} findings about rules; {answer.Pods} pods in {answer.Classes} classes, {answer.Policies} policies."));
        foreach (string remark in answer.Hosts.Remarks()) output.WriteLine(remark);
    }

    /// <summary>For CI.</summary>
    public static Report ToReport(VerifyAnswer answer, RulePlaces places)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new Report("margay verify", [.. answer.Invariants.Select(r => Check(r, places))], answer.Hygiene);
    }

    private static Check Check(InvariantResult result, RulePlaces places)
    {
        string details = string.Join('\n', Details(result, places));
        if (result.Holds) return new Check(result.Invariant.Name, CheckOutcome.Passed, "", []);
        return new Check(result.Invariant.Name, CheckOutcome.Failed, details, [new Finding
        {
            Rule = result.Outcome == ProofOutcome.Empty ? "empty-invariant" : "refuted-invariant",
            Level = FindingLevel.Error,
            Message = result.Outcome == ProofOutcome.Empty ? $"\"{result.Invariant.Name}\" proves nothing: {result.Remark}" : $"\"{result.Invariant.Name}\" does not hold",
            File = result.Invariant.Place.File,
            Line = result.Invariant.Place.LineOf(""),
            Details = details,
        }]);
    }

    private static string Word(InvariantResult result) => result.Outcome switch
    {
        ProofOutcome.Proven => "PROVEN",
        ProofOutcome.Refuted => "REFUTED",
        _ => result.Holds ? "EMPTY" : "FAILED",
    };

    private static IEnumerable<string> Details(InvariantResult result, RulePlaces places)
    {
        if (result.Remark.Length > 0) yield return result.Remark;
        foreach (var breach in result.Breaches.Take(ShownBreaches))
            yield return $"{(result.Invariant.Expects == Expectation.Deny ? "open" : "closed")}: {breach.From} -> {breach.To}: {breach.Packets}";
        if (result.Breaches.Length > ShownBreaches) yield return $"and {result.Breaches.Length - ShownBreaches} more";
        if (result.Counterexample is not { } example) yield break;
        yield return $"for example: {example.Source} -> {example.Destination} {Words(example.Packet)}: {(example.Allowed ? "allowed" : "denied")}";
        if (example.Egress is { } egress) foreach (string line in Path("egress", egress, places)) yield return line;
        if (example.Ingress is { } ingress) foreach (string line in Path("ingress", ingress, places)) yield return line;
    }

    /// <summary>A packet in a few words.</summary>
    internal static string Words(in Packet packet)
    {
        string name = packet.Protocol switch { 6 => "TCP", 17 => "UDP", 132 => "SCTP", 136 => "UDPLite", _ => $"protocol {packet.Protocol}" };
        if (packet.HasPorts) return $"{name} {packet.DestinationPort} (from port {packet.SourcePort}), {packet.Source} -> {packet.Destination}";
        if (packet.IsIcmp) name = $"{(packet.Source.Family == IpFamily.V4 ? "ICMP" : "ICMPv6")} type {packet.IcmpType} code {packet.IcmpCode}";
        return $"{name}, {packet.Source} -> {packet.Destination}";
    }

    /// <summary>The tiers and rules that mattered: what matched, and what ended the search.</summary>
    private static IEnumerable<string> Path(string side, Verdict verdict, RulePlaces places)
    {
        yield return $"  {side}: {(verdict.Allowed ? "allow" : "deny")}";
        foreach (var step in verdict.Trace)
        {
            switch (step)
            {
                case TierEntered tier: yield return $"    tier {tier.Tier}"; break;
                case RuleVisited { Matched: true } rule: yield return $"      {rule.Action} by {Place(rule.Rule, places)}"; break;
                case TierEnded end: yield return $"      no rule matches, the tier's end: {end.DefaultAction}"; break;
                case ProfilesEnded: yield return "    no profile allows it: Deny"; break;
            }
        }
        if (verdict.Reason is VerdictReason.Failsafe or VerdictReason.EndpointToHost or VerdictReason.Undecided) yield return $"    {Explain.ExplanationText.Decider(verdict)}";
    }

    private static string Place(RuleId rule, RulePlaces places) => places.Describe(rule) is { } place ? $"{rule} ({place})" : rule.ToString();
}
