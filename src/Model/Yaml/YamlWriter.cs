using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Margay.Model.Yaml;

/// <summary>Writes JSON as YAML in kubectl's style. Strings that a reader could take for something else are quoted.</summary>
public static class YamlWriter
{
    /// <summary>Writes one document.</summary>
    /// <param name="node">What it says; keys keep their order.</param>
    public static string Write(JsonNode? node) => WriteAll([node]);

    /// <summary>Writes several documents, with <c>---</c> between them.</summary>
    /// <param name="nodes">What they say.</param>
    public static string WriteAll(IEnumerable<JsonNode?> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        using var text = new StringWriter { NewLine = "\n" };
        string separator = "";
        foreach (var node in nodes)
        {
            text.Write(separator);
            WriteDocument(text, node);
            separator = "---\n";
        }

        return text.ToString();
    }

    private static void WriteDocument(StringWriter text, JsonNode? node)
    {
        using var document = new StringWriter { NewLine = "\n" };
        // Readers take a key without "?" up to 1024 characters, and an escape is six for one.
        var settings = new EmitterSettings(
            bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 128, newLine: "\n");
        var emitter = new Emitter(document, settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        WriteNode(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        string written = document.ToString();

        // The library ends a document that is a bare scalar with an end marker.
        if (written.EndsWith("\n...\n", StringComparison.Ordinal))
            written = written[..^4];
        text.Write(written.EndsWith('\n') ? written : written + "\n");
    }

    private static void WriteNode(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case null:
                emitter.Emit(new Scalar("null"));
                break;
            case JsonObject map:
                emitter.Emit(new MappingStart(
                    AnchorName.Empty, TagName.Empty, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    WriteString(emitter, key, isKey: true);
                    WriteNode(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray array:
                emitter.Emit(new SequenceStart(
                    AnchorName.Empty, TagName.Empty, isImplicit: true, array.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in array)
                    WriteNode(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                    WriteString(emitter, node.GetValue<string>(), isKey: false);
                else
                    emitter.Emit(new Scalar(node.ToJsonString()));
                break;
        }
    }

    private static void WriteString(Emitter emitter, string value, bool isKey)
    {
        var style = value.Contains('\n', StringComparison.Ordinal)
            ? !isKey && FitsLiteral(value) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted
            : IsAmbiguous(value) || (isKey && !IsPlainKey(value)) ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain;
        emitter.Emit(new Scalar(
            AnchorName.Empty, TagName.Empty, value, style,
            isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: true));
    }

    // Keys of the API and of labels; the library does not read every other one again that it writes plainly.
    private static bool IsPlainKey(string value)
    {
        foreach (char c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.' or '/'))
                return false;
        }

        return value[0] != '-';
    }

    // A literal block shows lines as they are; it cannot show what is invisible, nor text that begins with a blank.
    private static bool FitsLiteral(string value)
    {
        if (value[0] is ' ' or '\n' or '\t')
            return false;
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (c == '\n')
            {
                if (i > 0 && value[i - 1] is ' ' or '\t')
                    return false;
            }
            else if (c < ' ' || c == '\u007f' || (c > '~' && !char.IsLetterOrDigit(c)))
            {
                return false;
            }
        }

        return !value.EndsWith(' ') && !value.EndsWith('\t');
    }

    // Also what only YAML 1.1 takes for a date or a sexagesimal number, since other readers may be of that kind.
    private static bool IsAmbiguous(string value)
    {
        if (YamlScalar.Resolve(value, out _) != YamlScalar.Meaning.Text || value is "<<" or "=")
            return true;
        foreach (char c in value)
        {
            if (c < ' ' || c is '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff')
                return true;
        }

        return char.IsAsciiDigit(value[0]) &&
            (value.Contains(':', StringComparison.Ordinal) || (value.Length >= 8 && value[4] == '-' && char.IsAsciiDigit(value[5])));
    }
}
