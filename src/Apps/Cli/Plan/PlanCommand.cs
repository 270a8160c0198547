using System.CommandLine;
using Margay.Answers.Completion;
using Margay.Answers.Plan;
using Margay.Answers.Reports;
using Margay.Answers.Sources;
using Margay.Answers.Worlds;
using Margay.Cli.Answering;

namespace Margay.Cli.Plan;

/// <summary><c>margay plan -f DIR</c>: which connections applying would open and close.</summary>
internal static class PlanCommand
{
    private const string Tool = "margay plan";

    public static Command Build()
    {
        var files = new Option<string[]>("--filename", "-f") { Description = "What would be applied: files, directories, - or git:REVISION:PATH." };
        var staged = new Option<bool>("--staged") { Description = "What enforcing every staged policy would do; -f then names the sources, default cluster." };
        var against = new Option<string>("--against")
        {
            Description = "What is compared with: cluster (the files are laid over it), a file or directory, git:REVISION:PATH, or git:REVISION for the same paths there.",
            DefaultValueFactory = _ => ResourceSources.Cluster,
        };
        var with = new Option<string[]>("--with") { Description = "What both sides stand on when --against is not the cluster, for example the pods: files, directories or cluster." };
        var limit = new Option<int>("--limit") { Description = "How many lines of each kind the text shows.", DefaultValueFactory = _ => 100 };
        var noRules = new Option<bool>("--no-rules") { Description = "Only what opens and closes, not what another rule decides." };
        var command = new Command("plan", "Say which connections applying manifests would open, close, or have decided by another rule. Exit code 0: no change, 2: changes, 1: no answer.")
        {
            files, staged, against, with, limit, noRules,
        };
        var options = new SourceOptions();
        options.AddTo(command);
        command.SetAction((parsed, stop) => AnswerInvocation.RunAsync(
            async () =>
            {
                using var progress = new Progress();
                progress.Report("reading resources");
                var reader = new PlanSources(options.Sources(parsed));
                bool isStaged = parsed.GetValue(staged);
                string[] named = parsed.GetValue(files) ?? [];
                if (named.Length == 0 && !isStaged) throw new CliException("-f is missing: name the files or directories that would be applied, or say --staged.");
                var (before, after) = isStaged
                    ? await reader.ReadStagedAsync(named, stop)
                    : await reader.ReadAsync(named, parsed.GetValue(against)!, parsed.GetValue(with) ?? [], stop);
                if (!options.Accept(parsed, Tool, [.. before.Problems.Concat(after.Problems).DistinctBy(p => p.ToString())])) return 1;
                WorldCompletion.Complete(before, after);
                progress.Report("calculating policy");
                var (old, now) = isStaged ? WithStaged(new PolicyWorld(before)) : PolicyWorld.Both(before, after);
                var answer = Planning.Run(old, now, progress.Report, stop);
                if (parsed.GetValue(noRules)) answer = answer with { Lines = [.. answer.Lines.Where(l => l.Kind != Policy.Reachability.Comparison.ChangeKind.Redecided)] };
                progress.Dispose();
                var report = new PlanReport(answer, old.Places, now.Places);
                switch (options.Output(parsed))
                {
                    case "text": report.WriteText(Console.Out, parsed.GetValue(limit)); break;
                    case "json": JsonReport.Write(Console.Out, report.ToJson()); break;
                    case var format: ReportFormat.Write(format, Console.Out, report.ToReport(), ProgramVersion.Text); break;
                }
                return answer.IsEmpty ? 0 : 2;
            },
            stop));
        return command;
    }

    private static (PolicyWorld, PolicyWorld) WithStaged(PolicyWorld world) => (world, world.Staged());
}
