using System.CommandLine;
using Margay.Answers.Reports;
using Margay.Answers.Streams;
using Margay.Answers.Validate;
using Margay.Cli.Answering;
using Margay.Model.Validation;

namespace Margay.Cli.Validate;

/// <summary><c>margay validate -f FILE|DIR|-</c>: every mistake in manifests, as the API server would refuse them.</summary>
internal static class ValidateCommand
{
    private const string Tool = "margay validate";

    public static Command Build()
    {
        var files = new Option<string[]>("--filename", "-f") { Description = "Files, directories, or - for standard input." };
        var recursive = new Option<bool>("--recursive", "-R") { Description = "Read the folders below a directory too." };
        var output = new Option<string>("--output", "-o") { Description = "text, json, sarif or junit.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong(["text", .. ReportFormat.Names]);
        var fields = new Option<string>("--field-validation") { Description = "strict, warn or ignore: what fields are that a kind does not have.", DefaultValueFactory = _ => "strict" };
        fields.AcceptOnlyFromAmong("strict", "warn", "ignore");
        var stream = new Option<bool>("--stream") { Description = "Read questions from standard input as JSON lines, {\"object\":{...}} or {\"manifest\":\"...\"}, and answer as JSON lines." };
        var command = new Command("validate", "Find every mistake in manifests, without a cluster. Exit code 0: none, 2: mistakes, 1: no answer.")
        {
            files, recursive, output, fields, stream,
        };
        command.SetAction((parsed, stop) => AnswerInvocation.RunAsync(
            async () =>
            {
                var mode = parsed.GetValue(fields) switch { "warn" => FieldValidation.Warn, "ignore" => FieldValidation.Ignore, _ => FieldValidation.Strict };
                if (parsed.GetValue(stream))
                    return await JsonLines.RunAsync(Console.In, Console.Out, new ObjectQuestion(mode).Answer, stop) == 0 ? 0 : 1;
                if (parsed.GetValue(files) is not { Length: > 0 } paths)
                    throw new CliException("Name what to check: margay validate -f FILE, -f DIRECTORY or -f -");
                var answer = await new ManifestValidation(mode).RunAsync(paths, parsed.GetValue(recursive), Console.In, stop);
                if (parsed.GetValue(output) is { } format and not "text")
                    ReportFormat.Write(format, Console.Out, new Report(Tool, answer.Checks, []), ProgramVersion.Text);
                else
                    WriteText(answer);
                return answer.IsValid ? 0 : 2;
            },
            stop));
        return command;
    }

    private static void WriteText(ValidationAnswer answer)
    {
        foreach (var finding in answer.Findings)
        {
            Console.WriteLine(finding);
            if (finding.Details.Length > 0)
                Console.WriteLine("  " + finding.Details);
        }

        int mistakes = answer.Findings.Count(finding => finding.Level == FindingLevel.Error);
        string skipped = answer.Skipped == 0 ? "" : $", {answer.Skipped} of other kinds not checked";
        Console.WriteLine($"{Count(answer.Objects, "object")} in {Count(answer.Checks.Length, "file")}: {(mistakes == 0 ? "no mistakes" : Count(mistakes, "mistake"))}{skipped}");
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
