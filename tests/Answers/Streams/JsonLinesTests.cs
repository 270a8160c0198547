using System.Text.Json.Nodes;
using Margay.Answers.Streams;
using Xunit;

namespace Margay.Answers.Tests.Streams;

public sealed class JsonLinesTests
{
    [Fact]
    public async Task Answers_come_in_order_with_the_id_of_their_question_and_errors_do_not_stop_the_rest()
    {
        string input = string.Join('\n', """{"id":1,"n":"a"}""", "", "no json", "[]", """{"id":{"x":"y"},"m":1}""", """{"n":"b"}""");
        using var output = new StringWriter { NewLine = "\n" };

        int errors = await JsonLines.RunAsync(
            new StringReader(input), output, question => new JsonObject { ["said"] = JsonLines.Text(question, "n") }, TestContext.Current.CancellationToken);

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, errors);
        Assert.Equal("""{"id":1,"said":"a"}""", lines[0]);
        Assert.StartsWith("""{"error":"Not JSON""", lines[1], StringComparison.Ordinal);
        Assert.Equal("""{"error":"Expected a JSON object in each line."}""", lines[2]);
        Assert.Equal("""{"id":{"x":"y"},"error":"\"n\" is missing or no text."}""", lines[3]);
        Assert.Equal("""{"said":"b"}""", lines[4]);
    }

    [Fact]
    public async Task An_answer_is_flushed_before_the_next_question_is_waited_for()
    {
        using var asked = new System.IO.Pipes.AnonymousPipeServerStream();
        using var questions = new StreamReader(new System.IO.Pipes.AnonymousPipeClientStream(asked.GetClientHandleAsString()));
        var answered = new System.IO.Pipelines.Pipe();
        using var output = new StreamWriter(answered.Writer.AsStream());
        using var answers = new StreamReader(answered.Reader.AsStream());
        using var writer = new StreamWriter(asked) { AutoFlush = true };
        var running = JsonLines.RunAsync(questions, output, _ => new JsonObject { ["ok"] = true }, TestContext.Current.CancellationToken);

        await writer.WriteLineAsync("{}");
        Assert.Equal("""{"ok":true}""", await answers.ReadLineAsync(TestContext.Current.CancellationToken));

        writer.Close();
        Assert.Equal(0, await running);
    }
}
