using System.CommandLine;
using Margay.Answers.PolicyTests;
using Margay.Answers.Reports;
using Margay.Cli.Answering;

namespace Margay.Cli.Testing;

/// <summary><c>margay test -f DIR</c>: unit tests of policy.</summary>
internal static class TestCommand
{
    private const string Tool = "margay test";

    public static Command Build()
    {
        var files = new Option<string[]>("--filename", "-f") { Description = "Test files, or directories with files named *.test.yaml.", Required = true, AllowMultipleArgumentsPerToken = true };
        var resources = new Option<string[]>("--resources", "-r")
        {
            Description = "The resources of test files that name none: files, directories, git:REVISION:PATH, cluster.", AllowMultipleArgumentsPerToken = true,
        };
        var coverage = new Option<bool>("--coverage") { Description = "Say which rules no test has tried." };
        var least = new Option<double?>("--min-coverage") { Description = "Exit code 2 when less than this share of rules, in percent, is tried." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Run again whenever a file of the tests or resources changes." };
        var command = new Command("test", "Run unit tests of policy. Exit code 0: all passed, 2: one failed, 1: no answer.") { files, resources, coverage, least, watch };
        var options = new SourceOptions();
        options.AddTo(command);
        command.SetAction((parsed, stop) => AnswerInvocation.RunAsync(
            async () =>
            {
                // A test is about everything that is in force together, so folders below count without being asked for.
                var suite = new PolicyTestSuite(() => options.Sources(parsed, recursive: true), parsed.GetValue(resources) ?? [], options.AllowInvalid(parsed));
                async Task<int> RunOnce()
                {
                    var results = await suite.RunAsync(PolicyTestSuite.Find(parsed.GetValue(files)!), stop);
                    Print(options.Output(parsed), results, parsed.GetValue(coverage));
                    bool thin = parsed.GetValue(least) is { } percent && PolicyTestReport.CoverageOf(results).Percent < percent;
                    if (thin) Console.Error.WriteLine($"Fewer than {parsed.GetValue(least)} % of the rules are tried by a test; --coverage lists the others.");
                    return thin || results.Any(file => file.Results.Any(result => !result.Passed)) ? 2 : 0;
                }
                return parsed.GetValue(watch) ? await TestWatch.RunAsync(parsed.GetValue(files)!, parsed.GetValue(resources) ?? [], RunOnce, stop) : await RunOnce();
            },
            stop));
        return command;
    }

    private static void Print(string format, IReadOnlyList<PolicyTestFileResult> results, bool coverage)
    {
        switch (format)
        {
            case "text": PolicyTestReport.WriteText(Console.Out, results, coverage); break;
            case "json": JsonReport.Write(Console.Out, PolicyTestReport.ToJson(Tool, results)); break;
            default: ReportFormat.Write(format, Console.Out, PolicyTestReport.ToReport(Tool, results), ProgramVersion.Text); break;
        }
    }
}
