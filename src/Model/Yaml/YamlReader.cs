using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Margay.Model.Yaml;

/// <summary>One document of a YAML text.</summary>
/// <param name="Root">What it says.</param>
/// <param name="Source">The file, or what stands for it.</param>
/// <param name="Line">The line it begins on, from 1.</param>
public readonly record struct YamlDocument(JsonNode Root, string Source, long Line);

/// <summary>Reads YAML as kubectl does: what a manifest means in JSON.</summary>
public static class YamlReader
{
    /// <summary>Reads every document; empty ones are left out. JSON is YAML, also several objects one after the other.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What errors name, for example the file.</param>
    /// <param name="positions">Receives where every value stands, unless null. Values that an alias repeats have none.</param>
    /// <exception cref="YamlSyntaxException">The text is no YAML, or cannot be said in JSON.</exception>
    public static IReadOnlyList<YamlDocument> ReadAll(string text, string source = "YAML", YamlPositions? positions = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The fast way for JSON knows no positions.
        if (positions is null && LooksLikeJson(text) && !MayHoldHalfCharacters(text) && TryReadJson(text, source, out var documents))
            return documents;

        documents = [];
        var scanner = new Scanner(new StringReader(text), skipComments: true);
        try
        {
            var parser = new Parser(scanner);
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out var start))
            {
                // Anchors hold for one document.
                if (new YamlTreeReader(parser, source, positions).ReadNode(depth: 0) is { } root)
                    documents.Add(new YamlDocument(root, source, start.Start.Line));
                parser.Consume<DocumentEnd>();
            }
        }
        catch (YamlException error)
        {
            throw new YamlSyntaxException(source, error.Start.Line, error.Start.Column, Plain(error), error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The library gives up on some malformed texts (tags that are no URI, document ends without a document) in this way.
            throw new YamlSyntaxException(source, scanner.CurrentPosition.Line, scanner.CurrentPosition.Column, error.Message, error);
        }

        return documents;
    }

    /// <summary>Reads a text with exactly one document.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What errors name, for example the file.</param>
    /// <returns>What it says; null for an empty text.</returns>
    /// <exception cref="YamlSyntaxException">The text is no YAML, or has several documents.</exception>
    public static JsonNode? ReadOne(string text, string source = "YAML")
    {
        var documents = ReadAll(text, source);
        return documents switch
        {
            [] => null,
            [var only] => only.Root,
            [_, var second, ..] => throw new YamlSyntaxException(source, second.Line, 1, "expected one document, found another"),
        };
    }

    private static bool LooksLikeJson(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..];

    // Valid JSON keeps its numbers exactly; what only looks like it is left to the YAML parser and its positions.
    private static bool TryReadJson(string text, string source, out List<YamlDocument> documents)
    {
        documents = [];
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var options = new JsonReaderOptions { AllowMultipleValues = true };
        try
        {
            if (HasEndlessNumber(new Utf8JsonReader(bytes, options)))
                return false;
            var reader = new Utf8JsonReader(bytes, options);
            while (reader.Read())
            {
                int line = LineOf(text, reader.TokenStartIndex);
                if (JsonNode.Parse(ref reader, new JsonNodeOptions()) is { } root)
                    documents.Add(new YamlDocument(root, source, line));
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // 1e999 is a number of JSON's grammar that no program can hold; the YAML parser refuses it with its place.
    private static bool HasEndlessNumber(Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && !(reader.TryGetDouble(out double value) && double.IsFinite(value)))
                return true;
        }

        return false;
    }

    private static int LineOf(string text, long bytes)
    {
        int line = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes <= 0)
                break;
            bytes -= rune.Utf8SequenceLength;
            line += rune.Value == '\n' ? 1 : 0;
        }

        return line;
    }

    // The fast way reads half a surrogate pair without complaint, and then nobody can write it.
    private static bool MayHoldHalfCharacters(string text) => text.Contains("\\ud", StringComparison.OrdinalIgnoreCase);

    private static string Plain(YamlException error)
    {
        // The library's message may begin with its own words about the place.
        string message = error.InnerException?.Message ?? error.Message;
        int end = message.IndexOf("): ", StringComparison.Ordinal);
        return message.StartsWith('(') && end > 0 ? message[(end + 3)..] : message;
    }
}
