using System.Text.Json.Nodes;
using Margay.Model.Yaml;

namespace Margay.Answers.Sources;

/// <summary>
/// Reads a file of our own format strictly: what is not understood becomes an error with file, line, field and fix, and is
/// never passed over. All mistakes are collected, so that people mend them in one go.
/// </summary>
internal sealed class StrictReader(SourceText text)
{
    private readonly List<string> _errors = [];

    /// <summary>How many mistakes there are so far.</summary>
    public int Errors => _errors.Count;

    /// <summary>The documents; none when the text is no YAML.</summary>
    public IReadOnlyList<YamlDocument> Documents()
    {
        try
        {
            return YamlReader.ReadAll(text.Text, text.Name);
        }
        catch (YamlSyntaxException error)
        {
            _errors.Add(error.Message);
            return [];
        }
    }

    /// <summary>Notes a mistake.</summary>
    public void Wrong(int document, string path, string problem) =>
        _errors.Add($"{text.Name}:{text.LineOf(document, -1, path) ?? 1}: {(path.Length == 0 ? "" : path + ": ")}{problem}");

    /// <summary>Notes a mistake at a place that is known already.</summary>
    public void Wrong(SourcePlace place, string problem) => _errors.Add($"{place}: {problem}");

    /// <summary>Refuses fields that nobody reads: most of them are misspelt.</summary>
    public void CheckFields(JsonObject value, int document, string path, params ReadOnlySpan<string> known)
    {
        foreach (var (key, _) in value)
            if (!known.Contains(key)) Wrong(document, Below(path, key), $"unknown field {key}; known are {string.Join(", ", known.ToArray())}");
    }

    /// <summary>A text; null, and a mistake when it is there as something else or must be there.</summary>
    public string? Text(JsonObject value, string field, int document, string path, bool required = false)
    {
        if (value[field] is JsonValue node && node.TryGetValue(out string? found) && found.Length > 0) return found;
        if (value.ContainsKey(field)) Wrong(document, Below(path, field), "expected a text");
        else if (required) Wrong(document, path, $"{field} is missing");
        return null;
    }

    /// <summary>The place of a field.</summary>
    public SourcePlace Place(int document, string path) => SourcePlace.InPart(text, document, path);

    /// <summary>Fails with every mistake, if there is one.</summary>
    /// <exception cref="AnswerException">There is one.</exception>
    public void ThrowIfWrong()
    {
        if (_errors.Count > 0) throw new AnswerException(string.Join('\n', _errors));
    }

    /// <summary>The path of a field.</summary>
    public static string Below(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";
}
