using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Validation;

namespace Margay.ApiServer.Admission;

/// <summary>
/// Checks what objects mean, with the rules that every reader of the model shares, after their form. Defaults are there already
/// (<see cref="DefaultsRule"/>).
/// </summary>
internal sealed class MeaningValidator(IObjectValidator form) : IObjectValidator
{
    public IReadOnlyList<FieldError> Validate(ServedKind kind, JsonObject document, JsonObject? old)
    {
        IReadOnlyList<FieldError> errors = form.Validate(kind, document, old);
        if (KindRegistry.Find(kind.Gvk.ApiVersion, kind.Gvk.Kind) is not { } known) return errors;
        try
        {
            return [.. errors, .. Meaning(known, document, old)];
        }
        catch (JsonException e)
        {
            return errors.Count > 0 ? errors : [Unreadable(e)];
        }
    }

    private static IEnumerable<FieldError> Meaning(KindInfo kind, JsonObject document, JsonObject? old)
    {
        Resource value = kind.Read(StoredForm.Render(document));
        return ResourceValidator.Validate(value, old is null ? null : kind.Read(StoredForm.Render(old)))
            .Where(e => IsNews(e, document))
            .Select(e => new FieldError(e.Reason, e.Field, e.Advice is null ? e.Message : $"{e.Message}; {e.Advice}"));
    }

    /// <summary>Metadata is checked for every kind alike; only the stricter forms that names of some kinds have are told here.</summary>
    private static bool IsNews(ValidationError error, JsonObject document) =>
        !error.Field.StartsWith("metadata.", StringComparison.Ordinal)
        || (error.Field == "metadata.name" && NameCheck.Subdomain(document.Metadata().Text("name")) is null)
        || error.Field.StartsWith("metadata.annotations[", StringComparison.Ordinal)
        || (error.Field == "metadata.labels" && error.Value == "projectcalico.org/namespace");

    private static FieldError Unreadable(JsonException e)
    {
        string field = e.Path is { Length: > 2 } path ? path[2..] : "";
        return new("FieldValueInvalid", field, $"Invalid value: {e.Message}");
    }
}
