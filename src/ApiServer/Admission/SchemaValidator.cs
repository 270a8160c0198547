using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Admission;

/// <summary>Checks the form of objects: types, required fields and enumerations.</summary>
internal sealed class SchemaValidator(Lazy<SchemaCatalog> catalog) : IObjectValidator
{
    public IReadOnlyList<FieldError> Validate(ServedKind kind, JsonObject document, JsonObject? old) =>
        catalog.Value.Find(kind.Gvk) is { } type ? TypeCheck.Check(document, type) : [];
}
