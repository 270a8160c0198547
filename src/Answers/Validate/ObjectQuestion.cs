using System.Text.Json.Nodes;
using Margay.Answers.Streams;
using Margay.Model.Validation;
using Margay.Model.Yaml;

namespace Margay.Answers.Validate;

/// <summary>
/// Answers one question of the JSON lines mode: <c>{"object":{...}}</c> or <c>{"manifest":"YAML text"}</c>, with
/// <c>{"valid":...,"findings":[...]}</c>.
/// </summary>
/// <param name="fields">What becomes of unknown fields.</param>
public sealed class ObjectQuestion(FieldValidation fields)
{
    /// <summary>Answers a question.</summary>
    /// <exception cref="AnswerException">It asks nothing that can be answered.</exception>
    public JsonObject Answer(JsonObject question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var positions = new YamlPositions();
        bool isText = !question.ContainsKey("object");
        var document = isText ? Read(JsonLines.Text(question, "manifest"), positions) : question["object"] as JsonObject;
        if (document is null)
            throw new AnswerException(isText ? "\"manifest\" holds no object." : "\"object\" is no object.");
        var result = DocumentValidator.Validate(document, fields);
        return new()
        {
            ["valid"] = result.Errors.Count == 0,
            ["findings"] = new JsonArray([
                .. result.Errors.Select(error => (JsonNode)Found(error, "error", Line(error))),
                .. result.Warnings.Select(error => (JsonNode)Found(error, "warning", Line(error)))]),
        };

        int? Line(ValidationError error) => isText ? positions.Find(document, error.Field)?.Line : null;
    }

    private static JsonObject? Read(string text, YamlPositions positions)
    {
        try
        {
            return YamlReader.ReadAll(text, "manifest", positions) switch
            {
                [{ Root: JsonObject only }] => only,
                { Count: > 1 } => throw new AnswerException("\"manifest\" holds several documents; ask for each."),
                _ => null,
            };
        }
        catch (YamlSyntaxException error)
        {
            throw new AnswerException(error.Message, error);
        }
    }

    private static JsonObject Found(ValidationError error, string level, int? line)
    {
        var json = new JsonObject { ["rule"] = ManifestValidation.RuleName(error.Reason), ["level"] = level, ["field"] = error.Field };
        if (error.Value is not null)
            json["value"] = error.Value;
        if (line is not null)
            json["line"] = line;
        json["message"] = error.Message;
        json["fix"] = error.Fix;
        return json;
    }
}
