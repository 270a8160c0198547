using System.CommandLine;
using Margay.Answers.Completion;
using Margay.Answers.Reports;
using Margay.Answers.Sources;
using Margay.Answers.Verify;
using Margay.Answers.Worlds;
using Margay.Cli.Answering;

namespace Margay.Cli.Verify;

/// <summary><c>margay verify -f invariants.yaml [SOURCE...]</c>: proofs over all possible traffic, and rules that do nothing or too much.</summary>
internal static class VerifyCommand
{
    private const string Tool = "margay verify";

    public static Command Build()
    {
        var sources = new Argument<string[]>("source")
        {
            Description = "Files, directories, - for standard input, git:REVISION:PATH, or cluster (below all others); default cluster.",
            DefaultValueFactory = _ => [ResourceSources.Cluster],
        };
        var files = new Option<string[]>("--filename", "-f") { Description = "The invariants; without any, only the rules are looked at." };
        var noRules = new Option<bool>("--no-rules") { Description = "Do not look for shadowed, unreachable, redundant and broad rules." };
        var strict = new Option<bool>("--strict") { Description = "Exit code 2 also for warnings about rules." };
        var command = new Command("verify", "Prove invariants over all possible traffic, and find rules that do nothing or too much. Exit code 0: all hold, 2: one does not, 1: no answer.")
        {
            sources, files, noRules, strict,
        };
        var options = new SourceOptions();
        options.AddTo(command);
        command.SetAction((parsed, stop) => AnswerInvocation.RunAsync(
            async () =>
            {
                using var progress = new Progress();
                var invariants = await ReadAsync(parsed.GetValue(files) ?? [], stop);
                progress.Report("reading resources");
                var objects = await options.Sources(parsed).ReadAsync(parsed.GetValue(sources)!, stop);
                if (!options.Accept(parsed, Tool, objects.Problems)) return 1;
                WorldCompletion.Complete(objects);
                progress.Report("calculating policy");
                var world = new PolicyWorld(objects);
                var answer = Verification.Run(world, invariants, !parsed.GetValue(noRules), progress.Report, stop);
                progress.Dispose();
                if (options.Output(parsed) == "text") VerifyReport.WriteText(Console.Out, answer, world.Places);
                else ReportFormat.Write(options.Output(parsed), Console.Out, VerifyReport.ToReport(answer, world.Places), ProgramVersion.Text);
                bool warned = parsed.GetValue(strict) && answer.Hygiene.Any(f => f.Level >= FindingLevel.Warning);
                return answer.Holds && !warned ? 0 : 2;
            },
            stop));
        return command;
    }

    private static async Task<IReadOnlyList<Invariant>> ReadAsync(string[] files, CancellationToken stop)
    {
        var invariants = new List<Invariant>();
        foreach (string file in files)
        {
            if (!File.Exists(file)) throw new CliException($"The file \"{file}\" does not exist.");
            invariants.AddRange(InvariantReader.Read(file, await File.ReadAllTextAsync(file, stop)));
        }
        return invariants;
    }
}
