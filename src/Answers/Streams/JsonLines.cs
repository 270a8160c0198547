using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Margay.Answers.Streams;

/// <summary>
/// Many questions as JSON lines, answered in order as JSON lines, so that a program asks thousands a second of one process.
/// Each question is an object; its <c>id</c>, whatever it is, comes back with the answer. A question that cannot be
/// answered gets <c>{"id":...,"error":"..."}</c>, and the next one is answered all the same.
/// </summary>
public static class JsonLines
{
    private const int Ahead = 1024;

    // Quotes and angle brackets as they are: the lines go to programs, not into HTML.
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers until the input ends.</summary>
    /// <param name="input">The questions, one in a line; empty lines are passed over.</param>
    /// <param name="output">The answers; flushed whenever no further question is waiting.</param>
    /// <param name="answer">Answers one question; its <see cref="AnswerException"/> becomes the error.</param>
    /// <param name="stop">Ends the work.</param>
    /// <returns>How many questions could not be answered.</returns>
    public static async Task<int> RunAsync(TextReader input, TextWriter output, Func<JsonObject, JsonObject> answer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(answer);
        var lines = Channel.CreateBounded<string>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        // Reading apart from answering: whether more is waiting decides about flushing, and standard input cannot be asked.
        var reading = Task.Run(() => ReadAsync(input, lines.Writer, stop), stop);
        int errors = 0;
        while (await lines.Reader.WaitToReadAsync(stop))
        {
            while (lines.Reader.TryRead(out string? line))
            {
                var (reply, failed) = Answer(line, answer);
                if (failed) errors++;
                await output.WriteLineAsync(reply.ToJsonString(_plain));
            }
            await output.FlushAsync(stop);
        }
        await reading;
        return errors;
    }

    /// <summary>A text member that a question must have.</summary>
    /// <exception cref="AnswerException">It is not there, or no text.</exception>
    public static string Text(JsonObject question, string name)
    {
        ArgumentNullException.ThrowIfNull(question);
        return question[name] is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw new AnswerException($"\"{name}\" is missing or no text.");
    }

    private static (JsonObject Reply, bool Failed) Answer(string line, Func<JsonObject, JsonObject> answer)
    {
        JsonNode? id = null;
        try
        {
            if (JsonNode.Parse(line) is not JsonObject question) return (new JsonObject { ["error"] = "Expected a JSON object in each line." }, true);
            id = question["id"]?.DeepClone();
            var reply = answer(question);
            if (id is not null) reply.Insert(0, "id", id);
            return (reply, false);
        }
        catch (JsonException wrong)
        {
            return (new JsonObject { ["error"] = $"Not JSON: {wrong.Message}" }, true);
        }
        catch (AnswerException wrong)
        {
            var reply = new JsonObject { ["error"] = wrong.Message };
            if (id is not null) reply.Insert(0, "id", id);
            return (reply, true);
        }
    }

    private static async Task ReadAsync(TextReader input, ChannelWriter<string> lines, CancellationToken stop)
    {
        try
        {
            while (await input.ReadLineAsync(stop) is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line)) await lines.WriteAsync(line, stop);
            }
        }
        finally
        {
            lines.Complete();
        }
    }
}
