using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>
/// What becomes of fields that a kind does not have or that are given twice: they are dropped, and by the client's choice
/// nothing is said, a warning is given (as when nothing is chosen), or the request is refused.
/// </summary>
internal sealed class FieldValidation(Lazy<SchemaCatalog> catalog)
{
    public void Apply(ObjectRequest request, JsonObject document, IReadOnlyList<string> duplicates)
    {
        string mode = request.Query["fieldValidation"].ToString();
        if (mode is not ("" or "Ignore" or "Warn" or "Strict"))
        {
            throw Failures.BadRequest(
                $"fieldValidation: Unsupported value: \"{mode}\": supported values: \"Ignore\", \"Warn\", \"Strict\"");
        }
        IReadOnlyList<string> unknown = catalog.Value.Find(request.Kind.Gvk) is { } type ? UnknownFields.Prune(document, type) : [];
        string[] complaints =
            [.. duplicates.Select(d => $"duplicate field \"{d}\""), .. unknown.Select(u => $"unknown field \"{u}\"")];
        if (complaints.Length == 0 || mode == "Ignore") return;
        if (mode == "Strict")
        {
            throw Failures.BadRequest($"{request.Kind.Gvk.Kind} in version \"{request.Kind.Gvk.Version}\" cannot be handled as a "
                + $"{request.Kind.Gvk.Kind}: strict decoding error: {string.Join(", ", complaints)}");
        }
        foreach (string complaint in complaints) Answers.Warn(request.Http, complaint);
    }
}
