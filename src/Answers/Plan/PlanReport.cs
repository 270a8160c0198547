using System.Globalization;
using System.Text.Json.Nodes;
using Margay.Answers.Reports;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Comparison;

namespace Margay.Answers.Plan;

/// <summary>Puts a plan into words and into the common report.</summary>
/// <param name="answer">The plan.</param>
/// <param name="before">Where rules stand before.</param>
/// <param name="after">Where they will stand.</param>
public sealed class PlanReport(PlanAnswer answer, RulePlaces before, RulePlaces after)
{

    /// <summary>For people.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="limit">How many lines of each kind, and how many objects, are shown.</param>
    public void WriteText(TextWriter output, int limit)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (string line in answer.Objects.Take(limit)) output.WriteLine(line);
        if (answer.Objects.Length > limit) output.WriteLine($"and {answer.Objects.Length - limit} more objects");
        if (answer.Objects.Length > 0) output.WriteLine();
        foreach (var kind in answer.Lines.GroupBy(l => l.Kind))
        {
            foreach (var line in kind.Take(limit))
            {
                output.WriteLine($"{Word(line.Kind),-7} {line.From} -> {line.To}: {line.Packets}{(kind.Key == ChangeKind.Redecided ? line.Passes ? " (stays allowed)" : " (stays denied)" : "")}");
                output.WriteLine($"        {Why(line)}");
            }
            if (kind.Count() > limit) output.WriteLine($"        and {kind.Count() - limit} more lines like these; --limit shows more, -o json all");
            output.WriteLine();
        }
        foreach (var host in answer.Hosts) output.WriteLine($"! host  {host.Endpoint}: {Remark(host)}");
        if (answer.Hosts.Length > 0) output.WriteLine();
        if (answer.Lines.IsEmpty) output.WriteLine($"No connection{(answer.IsEmpty ? "" : " that was compared")} opens, closes or is decided by another rule.");
        else output.WriteLine(string.Join(", ", Counts()) + ".");
        if (answer.PodsBefore != answer.PodsAfter) output.WriteLine($"{answer.PodsBefore} pods before, {answer.PodsAfter} after.");
    }

    /// <summary>The common report: what opens is a warning, what closes too, another rule a note.</summary>
    public Report ToReport() => new(
        "margay plan",
        [],
        [
            .. answer.Lines.Select(line =>
            {
                // The rule that will decide; when that stands in no file, the one that did.
                var (places, ruling) = Find(after, line.After) is null ? (before, line.Before) : (after, line.After);
                var found = Find(places, ruling);
                return new Finding
                {
                    Rule = line.Kind switch { ChangeKind.Opens => "connection-opens", ChangeKind.Closes => "connection-closes", _ => "decided-by-another-rule" },
                    Level = line.Kind == ChangeKind.Redecided ? FindingLevel.Note : FindingLevel.Warning,
                    Message = $"{line.From} -> {line.To}: {line.Packets} {Verb(line.Kind)}: {Why(line)}",
                    Object = found?.Value.Key.ToString() ?? "",
                    File = found?.Place.File,
                    Line = found?.Place.LineOf(ruling.Decider is { } id ? RulePlaces.PathOf(id) : ""),
                };
            }),
            .. answer.Hosts.Select(host => new Finding
            {
                Rule = "host-policy-changes",
                Level = FindingLevel.Warning,
                Message = $"{host.Endpoint}: {Remark(host)}",
                Object = $"HostEndpoint({host.Endpoint})",
            }),
        ]);

    /// <summary>JSON with every part of every line.</summary>
    public JsonObject ToJson() => new()
    {
        ["tool"] = "margay plan",
        ["podsBefore"] = answer.PodsBefore,
        ["podsAfter"] = answer.PodsAfter,
        ["objects"] = new JsonArray([.. answer.Objects.Select(o => (JsonNode)o)]),
        ["hosts"] = new JsonArray([.. answer.Hosts.Select(h => (JsonNode)h.Endpoint.Name)]),
        ["changes"] = new JsonArray([.. answer.Lines.Select(line => (JsonNode)new JsonObject
        {
            ["kind"] = line.Kind switch { ChangeKind.Opens => "opens", ChangeKind.Closes => "closes", _ => "rule" },
            ["from"] = line.From,
            ["to"] = line.To,
            ["packets"] = line.Packets,
            ["passes"] = line.Passes,
            ["pairs"] = line.Pairs,
            ["side"] = line.Side == PolicyDirection.Egress ? "egress" : "ingress",
            ["before"] = ToJson(line.Before, before),
            ["after"] = ToJson(line.After, after),
        })]),
    };

    private static JsonObject ToJson(Ruling ruling, RulePlaces places)
    {
        var json = new JsonObject { ["allowed"] = ruling.Allowed, ["reason"] = ruling.Reason.ToString() };
        if (ruling.Decider is { } id) json["rule"] = id.ToString();
        if (ruling.Decider is { Index: >= 0 } rule && places.Describe(rule) is { } place) json["place"] = place;
        return json;
    }

    private static Sources.LocatedResource? Find(RulePlaces places, Ruling ruling) =>
        ruling is { Reason: VerdictReason.Rule, Decider: { } id } && places.Find(id.Policy) is { Place.File: not null } found ? found : null;

    private string Why(PlanLine line) =>
        $"{(line.Side == PolicyDirection.Egress ? "egress" : "ingress")}: {Name(line.Before, before)} => {Name(line.After, after)}";

    private static string Name(Ruling ruling, RulePlaces places)
    {
        string verdict = ruling.Allowed ? "allowed" : "denied";
        return ruling.Reason switch
        {
            VerdictReason.Rule when places.Describe(ruling.Decider!.Value) is { } place => $"{verdict} by {ruling.Decider} ({place})",
            VerdictReason.Rule => $"{verdict} by {ruling.Decider}",
            VerdictReason.EndOfTier => $"denied at the end of tier {ruling.Decider?.Tier}",
            VerdictReason.NoProfile => "denied: no policy and no profile allows it",
            VerdictReason.Failsafe => "allowed by a failsafe port",
            VerdictReason.EndpointToHost => $"{verdict} by defaultEndpointToHostAction",
            VerdictReason.Undecided => "allowed: nothing decides",
            _ => ruling.Allowed ? "not asked" : "no such pod",
        };
    }

    private static string Remark(UncomparedHost host) => host.OnlyForwarded
        ? "what this host endpoint says about traffic that passes through the host differs; what that opens or closes is not calculated"
        : "the policy of this host endpoint differs; which addresses it governs is not certain, and what that opens or closes is not calculated";

    private IEnumerable<string> Counts()
    {
        foreach (var kind in Enum.GetValues<ChangeKind>())
        {
            int lines = answer.Lines.Count(l => l.Kind == kind);
            if (lines == 0) continue;
            long pairs = answer.Lines.Where(l => l.Kind == kind).Sum(l => l.Pairs);
            yield return string.Create(CultureInfo.InvariantCulture, $"{lines} line{(lines == 1 ? "" : "s")} ({pairs} pair{(pairs == 1 ? "" : "s")}) {(lines == 1 ? Verb(kind) : Plural(kind))}");
        }
    }

    private static string Word(ChangeKind kind) => kind switch { ChangeKind.Opens => "+ open", ChangeKind.Closes => "- close", _ => "~ rule" };

    private static string Verb(ChangeKind kind) => kind switch { ChangeKind.Opens => "opens", ChangeKind.Closes => "closes", _ => "is decided by another rule" };

    private static string Plural(ChangeKind kind) => kind switch { ChangeKind.Opens => "open", ChangeKind.Closes => "close", _ => "are decided by another rule" };
}
