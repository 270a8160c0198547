using System.Text.Json.Nodes;
using Margay.Model.Yaml;

namespace Margay.Answers.Sources;

/// <summary>
/// A text that objects were read from. Lines of single fields are looked up only when a message needs them: then the text
/// is read once more, with positions.
/// </summary>
/// <param name="name">The file, as messages name it: the path given, <c>standard input</c>, or <c>git:REV:path</c>.</param>
/// <param name="text">The text.</param>
public sealed class SourceText(string name, string text)
{
    private (YamlPositions Positions, IReadOnlyList<YamlDocument> Documents)? _read;

    /// <summary>The file, as messages name it.</summary>
    public string Name => name;

    /// <summary>The text.</summary>
    public string Text => text;

    /// <summary>The line of a field of an object, from 1.</summary>
    /// <param name="document">Which document of the text, from 0.</param>
    /// <param name="item">Which item, when the document is a list; else -1.</param>
    /// <param name="path">The field's path in the object; empty for the object.</param>
    /// <returns>The line; null when the text cannot be read with positions.</returns>
    internal int? LineOf(int document, int item, string path)
    {
        _read ??= ReadWithPositions();
        var (positions, documents) = _read.Value;
        if (document >= documents.Count) return null;
        JsonNode? root = documents[document].Root;
        if (item >= 0) root = root["items"]?[item];
        return root is null ? null : positions.Find(root, path)?.Line;
    }

    private (YamlPositions, IReadOnlyList<YamlDocument>) ReadWithPositions()
    {
        var positions = new YamlPositions();
        try
        {
            return (positions, YamlReader.ReadAll(text, name, positions));
        }
        catch (YamlSyntaxException)
        {
            // JSON objects one after the other are no YAML: the place of the object has to do.
            return (positions, []);
        }
    }
}
