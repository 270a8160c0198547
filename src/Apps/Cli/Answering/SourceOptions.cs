using System.CommandLine;
using Margay.Answers.Reports;
using Margay.Answers.Sources;

namespace Margay.Cli.Answering;

/// <summary>The options of every command that answers questions about resources, and what they do.</summary>
internal sealed class SourceOptions
{
    private readonly Option<bool> _recursive = new("--recursive", "-R") { Description = "Read the folders below a directory too." };
    private readonly Option<bool> _allowInvalid = new("--allow-invalid") { Description = "Answer although objects are invalid; what cannot be understood counts as closed." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "text, json, sarif or junit.", DefaultValueFactory = _ => "text" };

    public SourceOptions() => _output.AcceptOnlyFromAmong(["text", .. ReportFormat.Names]);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_recursive);
        command.Options.Add(_allowInvalid);
        command.Options.Add(_output);
    }

    /// <summary>The format.</summary>
    public string Output(ParseResult parsed) => parsed.GetValue(_output)!;

    /// <summary>Whether invalid objects do not stop the answer.</summary>
    public bool AllowInvalid(ParseResult parsed) => parsed.GetValue(_allowInvalid);

    /// <summary>The reader of sources.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recursive">Whether folders below a directory count even if the command line does not say so.</param>
    public ResourceSources Sources(ParseResult parsed, bool recursive = false) => new(() => Connections.OpenTyped(parsed).Client, Console.In)
    {
        Recursive = recursive || parsed.GetValue(_recursive),
        DefaultNamespace = parsed.GetValue(GlobalOptions.Namespace) ?? "default",
    };

    /// <summary>Reports invalid objects; false when they stop the answer.</summary>
    public bool Accept(ParseResult parsed, string tool, IReadOnlyCollection<SourceProblem> problems)
    {
        if (problems.Count == 0) return true;
        bool goOn = parsed.GetValue(_allowInvalid);
        if (Output(parsed) == "text" || goOn)
        {
            foreach (var finding in problems.Select(SourceFindings.Of))
                Console.Error.WriteLine(finding.Details.Length == 0 ? finding.ToString() : $"{finding}\n  {finding.Details}");
            if (!goOn) Console.Error.WriteLine($"{problems.Count} problem{(problems.Count == 1 ? "" : "s")}; no answer. --allow-invalid answers all the same.");
        }
        else
        {
            ReportFormat.Write(Output(parsed), Console.Out, new Report(tool, [], [.. problems.Select(SourceFindings.Of)]), ProgramVersion.Text);
        }
        return goOn;
    }
}
