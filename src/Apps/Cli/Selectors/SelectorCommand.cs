using System.CommandLine;
using System.Text.Json.Nodes;
using Margay.Answers;
using Margay.Answers.Streams;
using Margay.Cli.Answering;
using Margay.Model.Selectors;

namespace Margay.Cli.Selectors;

/// <summary><c>margay selector EXPRESSION [--labels k=v,...]</c>: is it right, what is its canonical text, does it match.</summary>
internal static class SelectorCommand
{
    public static Command Build()
    {
        var expression = new Argument<string?>("expression") { Description = "The selector, for example: app == 'web' && has(team)", Arity = ArgumentArity.ZeroOrOne };
        var labels = new Option<string?>("--labels", "-l") { Description = "Labels to match it against: app=web,team=blue." };
        var stream = new Option<bool>("--stream") { Description = "Read questions from standard input as JSON lines, {\"selector\":...,\"labels\":{...}}, and answer as JSON lines." };
        var command = new Command("selector", "Check a selector, print its canonical text, match it against labels. Exit code 0: right and matching, 2: does not match, 1: wrong.")
        {
            expression, labels, stream,
        };
        command.SetAction((parsed, stop) => AnswerInvocation.RunAsync(
            async () =>
            {
                if (parsed.GetValue(stream)) return await JsonLines.RunAsync(Console.In, Console.Out, Answer, stop) == 0 ? 0 : 1;
                if (parsed.GetValue(expression) is not { } text) throw new CliException("Name the selector, for example: margay selector \"app == 'web'\" --labels app=web");
                var selector = Parse(text);
                Console.WriteLine(selector.ToString());
                if (parsed.GetValue(labels) is not { } given) return 0;
                bool matches = selector.Evaluate(ReadLabels(given));
                Console.WriteLine(matches ? "matches" : "does not match");
                return matches ? 0 : 2;
            },
            stop));
        return command;
    }

    private static JsonObject Answer(JsonObject question)
    {
        var selector = Parse(JsonLines.Text(question, "selector"));
        var reply = new JsonObject { ["canonical"] = selector.ToString() };
        if (question["labels"] is JsonObject given)
            reply["matches"] = selector.Evaluate(given.ToDictionary(label => label.Key, label => label.Value?.ToString() ?? "", StringComparer.Ordinal));
        else if (question.ContainsKey("labels")) throw new AnswerException("\"labels\" is no object.");
        return reply;
    }

    private static Selector Parse(string text) =>
        Selector.TryParse(text, out var selector, out var error) ? selector : throw new AnswerException($"\"{text}\" is no selector: {error}");

    private static Dictionary<string, string> ReadLabels(string text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new CliException($"\"{part}\" is no label: write key=value.");
            labels[part[..equals]] = part[(equals + 1)..];
        }
        return labels;
    }
}
