using System.CommandLine;
using System.Text.Json.Nodes;
using Margay.Answers.Completion;
using Margay.Answers.Explain;
using Margay.Answers.Reports;
using Margay.Answers.Sources;
using Margay.Answers.Streams;
using Margay.Answers.Worlds;
using Margay.Cli.Answering;

namespace Margay.Cli.Explain;

/// <summary><c>margay explain SRC DST:PORT[/PROTO]</c>: the verdict and everything on the way to it.</summary>
internal static class ExplainCommand
{
    private const string Tool = "margay explain";

    public static Command Build()
    {
        var source = new Argument<string?>("source") { Description = "NAMESPACE/POD, POD, or an address.", Arity = ArgumentArity.ZeroOrOne };
        var destination = new Argument<string?>("destination")
        {
            Description = "NAMESPACE/POD:PORT[/tcp|udp|icmp|sctp], svc/NAME:PORT, ADDRESS:PORT or [ADDRESS6]:PORT.", Arity = ArgumentArity.ZeroOrOne,
        };
        var files = new Option<string[]>("--filename", "-f")
        {
            Description = "Where the resources are: files, directories, - for standard input, git:REVISION:PATH, or cluster (below all others); default cluster.",
            AllowMultipleArgumentsPerToken = true,
        };
        var stream = new Option<bool>("--stream") { Description = "Read questions from standard input as JSON lines, {\"source\":...,\"destination\":...}, and answer as JSON lines." };
        var command = new Command("explain", "Say whether a connection is allowed, which rule says so, and why. Exit code 0: allowed, 2: denied, 1: no answer.")
        {
            source, destination, files, stream,
        };
        var options = new SourceOptions();
        options.AddTo(command);
        command.SetAction((parsed, stop) => AnswerInvocation.RunAsync(
            async () =>
            {
                var sources = parsed.GetValue(files) is { Length: > 0 } given ? given : [ResourceSources.Cluster];
                bool streaming = parsed.GetValue(stream);
                if (streaming && sources.Contains("-")) throw new CliException("--stream reads the questions from standard input, so -f cannot be \"-\".");
                if (!streaming && (parsed.GetValue(source) is null || parsed.GetValue(destination) is null))
                    throw new CliException("Name the source and the destination, for example: margay explain shop/frontend shop/cart:8080");
                string ns = parsed.GetValue(GlobalOptions.Namespace) ?? (sources.Contains(ResourceSources.Cluster) ? Connections.DefaultNamespace(parsed) : "default");
                var objects = await options.Sources(parsed).ReadAsync(sources, stop);
                if (!options.Accept(parsed, Tool, objects.Problems)) return 1;
                // A running cluster shows what it has, unready pods included; manifests get what a cluster would add.
                if (sources is not [ResourceSources.Cluster]) WorldCompletion.Complete(objects);
                var explainer = new Explainer(new PolicyWorld(objects));
                if (streaming) return await StreamAsync(explainer, objects, ns, stop);
                var answers = explainer.Explain(FlowQuestion.Parse(parsed.GetValue(source)!, parsed.GetValue(destination)!, ns, objects));
                Print(options.Output(parsed), answers);
                return answers.All(answer => answer.Verdict.Allowed) ? 0 : 2;
            },
            stop));
        return command;
    }

    private static async Task<int> StreamAsync(Explainer explainer, ResourceSet objects, string ns, CancellationToken stop)
    {
        int errors = await JsonLines.RunAsync(Console.In, Console.Out, asked =>
        {
            var question = FlowQuestion.Parse(
                JsonLines.Text(asked, "source"), JsonLines.Text(asked, "destination"), asked.ContainsKey("namespace") ? JsonLines.Text(asked, "namespace") : ns, objects);
            bool whole = asked["explain"] is JsonValue value && value.TryGetValue(out bool wanted) && wanted;
            var answers = whole ? explainer.Explain(question) : explainer.Judge(question);
            return new JsonObject
            {
                ["allowed"] = answers.All(answer => answer.Verdict.Allowed),
                ["answers"] = new JsonArray([.. answers.Select(answer => (JsonNode)ExplanationJson.Of(answer, whole))]),
            };
        }, stop);
        return errors == 0 ? 0 : 1;
    }

    private static void Print(string format, IReadOnlyList<Explanation> answers)
    {
        switch (format)
        {
            case "text":
                foreach (var answer in answers) ExplanationText.Write(Console.Out, answer);
                break;
            case "json":
                JsonReport.Write(Console.Out, new JsonArray([.. answers.Select(answer => (JsonNode)ExplanationJson.Of(answer, whole: true))]));
                break;
            default:
                ReportFormat.Write(format, Console.Out, ExplanationReport.Of(Tool, answers), ProgramVersion.Text);
                break;
        }
    }
}
