using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>What becomes of fields that a kind does not have; the choices of Kubernetes' <c>fieldValidation</c>.</summary>
public enum FieldValidation
{
    /// <summary>They are mistakes.</summary>
    Strict,

    /// <summary>They are told apart from mistakes.</summary>
    Warn,

    /// <summary>They are dropped.</summary>
    Ignore,
}

/// <summary>What came of checking a document.</summary>
/// <param name="Kind">Its kind; null when nobody knows it, and then only that is said.</param>
/// <param name="Value">The object with its defaults, also when it breaks rules; null when it could not be read whole.</param>
/// <param name="Errors">Every mistake.</param>
/// <param name="Warnings">Unknown fields, where those are no mistakes.</param>
public sealed record DocumentResult(KindInfo? Kind, Resource? Value, IReadOnlyList<ValidationError> Errors, IReadOnlyList<ValidationError> Warnings);

/// <summary>
/// Checks an object as it stands in a manifest: types, unknown fields, and what <see cref="ResourceValidator"/> checks. It is
/// the API server's admission without the cluster: what needs other objects is not asked.
/// </summary>
public static class DocumentValidator
{
    // Our types of Kubernetes' own kinds have what Margay looks at, so they cannot tell what is unknown.
    private static readonly HashSet<string> WholeGroups = new(StringComparer.Ordinal) { "projectcalico.org", "policy.networking.k8s.io", "networking.k8s.io" };

    /// <summary>Checks a document.</summary>
    /// <param name="document">The object; it is not changed.</param>
    /// <param name="fields">What becomes of unknown fields.</param>
    public static DocumentResult Validate(JsonObject document, FieldValidation fields = FieldValidation.Strict)
    {
        ArgumentNullException.ThrowIfNull(document);
        var copy = (JsonObject)document.DeepClone();
        var (apiVersion, kindName) = (Text(copy["apiVersion"]), Text(copy["kind"]));
        if (string.IsNullOrEmpty(apiVersion) || string.IsNullOrEmpty(kindName))
            return new(null, null, [new(CauseReason.Required, string.IsNullOrEmpty(apiVersion) ? "apiVersion" : "kind", null, "Required value")], []);
        if (KindRegistry.Find(apiVersion, kindName) is not { } kind)
            return new(null, null, [UnknownKind(apiVersion, kindName)], []);
        Name(copy);
        var form = new FormCheck(WholeGroups.Contains(kind.Group) && fields != FieldValidation.Ignore);
        form.Check(copy, kind.TypeInfo);
        var errors = new List<ValidationError>(form.Errors);
        if (fields == FieldValidation.Strict)
            errors.AddRange(form.Unknown);
        Resource? value = null;
        try
        {
            value = kind.Read(JsonSerializer.SerializeToUtf8Bytes(copy, ModelJson.Default.JsonObject));
            ResourceDefaults.Apply(value);
            // What was taken out is not missing.
            errors.AddRange(ResourceValidator.Validate(value).Where(e => !form.Errors.Exists(wrong => wrong.Field.StartsWith(e.Field, StringComparison.Ordinal))));
        }
        catch (JsonException e)
        {
            errors.Add(new(CauseReason.TypeInvalid, e.Path is { Length: > 2 } path ? path[2..] : "", null, "Invalid value: " + e.Message));
        }

        return new(kind, form.Errors.Count == 0 ? value : null, errors, fields == FieldValidation.Warn ? form.Unknown : []);
    }

    // A name that the server is going to make is as good as its beginning.
    private static void Name(JsonObject document)
    {
        if (document["metadata"] is JsonObject metadata && string.IsNullOrEmpty(Text(metadata["name"])) && Text(metadata["generateName"]) is { Length: > 0 } prefix)
            metadata["name"] = prefix + "00000";
    }

    private static ValidationError UnknownKind(string apiVersion, string kindName)
    {
        var close = KindRegistry.All.FirstOrDefault(k => k.Kind.Equals(kindName, StringComparison.OrdinalIgnoreCase))
            ?? KindRegistry.All.Where(k => WordDistance.Between(k.Kind, kindName) <= kindName.Length / 4).MinBy(k => WordDistance.Between(k.Kind, kindName));
        return new(CauseReason.UnknownKind, "kind", kindName, $"no kind \"{kindName}\" is known in {apiVersion}")
        {
            Advice = close is null ? null : $"did you mean {close.Kind} of {close.ApiVersion}?",
        };
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
