using System.CommandLine;
using Margay.Answers.Migration;
using Margay.Answers.Reports;
using Margay.Cli.Answering;

namespace Margay.Cli.Migrate;

/// <summary><c>margay migrate check</c>: what stands in the way of taking a cluster over.</summary>
internal static class MigrateCommand
{
    private const string Tool = "margay migrate check";

    public static Command Build() => new("migrate", "Take over a cluster that ran Calico.") { Check() };

    private static Command Check()
    {
        var files = new Option<string[]>("--filename", "-f") { Description = "Files, directories, or - for standard input, instead of the running cluster." };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Read the folders below a directory too." };
        var output = new Option<string>("--output", "-o") { Description = "text, json, sarif or junit.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong(["text", .. ReportFormat.Names]);
        var command = new Command("check", "Tell what Margay does not support yet. Exit code 0: nothing in the way, 2: something is, 1: no answer.") { files, recursive, output };
        command.SetAction((parsed, stop) => AnswerInvocation.RunAsync(
            async () =>
            {
                var check = new MigrationCheck();
                if (parsed.GetValue(files) is { Length: > 0 } paths) await check.ReadAsync(paths, parsed.GetValue(recursive), Console.In, stop);
                else await RunningCluster.LookAsync(check, parsed, stop);
                if (parsed.GetValue(output) is { } format and not "text") ReportFormat.Write(format, Console.Out, new Report(Tool, [], check.Findings), ProgramVersion.Text);
                else WriteText(check);
                return check.IsClear ? 0 : 2;
            },
            stop));
        return command;
    }

    private static void WriteText(MigrationCheck check)
    {
        foreach (var finding in check.Findings) Console.WriteLine(finding);
        int blockers = check.Findings.Count(finding => finding.Level == FindingLevel.Error);
        Console.WriteLine($"{check.Objects} objects: {(blockers == 0 ? "nothing in the way" : $"{blockers} in the way")}, {check.Findings.Length - blockers} to know");
    }
}
