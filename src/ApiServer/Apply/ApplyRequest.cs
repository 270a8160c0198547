using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Apply;

/// <summary>Somebody's wish what an object's fields should be.</summary>
/// <param name="Manager">Who wishes.</param>
/// <param name="Configuration">The fields; those that the manager applied before and that are not here any more go.</param>
/// <param name="Type">The kind's type.</param>
/// <param name="Subresource">The subresource; empty for the object itself.</param>
/// <param name="Force">Whether to take fields over from other managers.</param>
/// <param name="Now">The time of the request.</param>
internal sealed record ApplyRequest(
    string Manager, JsonObject Configuration, TypeSchema Type, string Subresource, bool Force, DateTimeOffset Now);

/// <summary>What came of it: the object as it should be, or the conflicts that prevent it.</summary>
/// <param name="Value">The object; meaningless when there are conflicts.</param>
/// <param name="Conflicts">The fields that others own and have other values for.</param>
internal sealed record ApplyResult(JsonObject Value, IReadOnlyList<ApplyConflict> Conflicts);

/// <summary>A field that somebody else owns.</summary>
/// <param name="Manager">Who.</param>
/// <param name="ApiVersion">The version in which that manager wrote.</param>
/// <param name="Applied">Whether by applying.</param>
/// <param name="Field">The field, for example <c>.spec.order</c>.</param>
internal sealed record ApplyConflict(string Manager, string ApiVersion, bool Applied, string Field)
{
    /// <summary>What people read.</summary>
    public string Message => Applied ? $"conflict with \"{Manager}\"" : $"conflict with \"{Manager}\" using {ApiVersion}";
}
