using Margay.Model.Resources;

namespace Margay.Model.Datastore.Crd;

/// <summary>Refusals speak of custom resources; people asked about objects of version 3.</summary>
internal static class CrdRefusal
{
    public static ApiException Translate(CrdKind kind, ApiException refusal)
    {
        var given = refusal.Status;
        return new ApiException(new Status
        {
            Code = given.Code,
            Reason = given.Reason,
            Message = given.Message?
                .Replace(kind.Stored.QualifiedPlural, kind.Api.QualifiedPlural, StringComparison.Ordinal)
                .Replace($"{kind.Stored.Kind}.{kind.Stored.Group}", $"{kind.Api.Kind}.{kind.Api.Group}", StringComparison.Ordinal),
            Details = given.Details is null ? null : Translate(kind, given.Details),
        });
    }

    public static StatusDetails Details(CrdKind kind, string? name) => new() { Name = name, Group = kind.Api.Group, Kind = kind.Api.Plural };

    private static StatusDetails Translate(CrdKind kind, StatusDetails given) => new()
    {
        Name = given.Name,
        Group = kind.Api.Group,
        Kind = given.Kind == kind.Stored.Kind ? kind.Api.Kind : kind.Api.Plural,
        Uid = given.Uid,
        Causes = given.Causes,
        RetryAfterSeconds = given.RetryAfterSeconds,
    };
}
