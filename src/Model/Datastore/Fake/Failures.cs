using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Validation;

namespace Margay.Model.Datastore.Fake;

/// <summary>The refusals of an API server, worded as Kubernetes words them.</summary>
internal static class Failures
{
    public static ApiException NotFound(KindInfo kind, ResourceKey key) =>
        new(404, StatusReason.NotFound, $"{kind.QualifiedPlural} \"{key.Name}\" not found", Details(kind, key));

    public static ApiException AlreadyExists(KindInfo kind, ResourceKey key) =>
        new(409, StatusReason.AlreadyExists, $"{kind.QualifiedPlural} \"{key.Name}\" already exists", Details(kind, key));

    public static ApiException Conflict(KindInfo kind, ResourceKey key, string why) =>
        new(409, StatusReason.Conflict, $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{key.Name}\": {why}", Details(kind, key));

    public static ApiException Expired(long version, long oldest) =>
        new(410, StatusReason.Expired, $"too old resource version: {version} ({oldest})");

    public static ApiException Invalid(KindInfo kind, ResourceKey key, IReadOnlyList<ValidationError> errors)
    {
        var details = Details(kind, key);
        details.Kind = kind.Kind;
        details.Causes = [.. errors.Select(error => new StatusCause { Reason = error.Reason, Field = error.Field, Message = error.Message })];
        string all = errors.Count == 1 ? errors[0].ToString() : "[" + string.Join(", ", errors) + "]";
        return new ApiException(422, StatusReason.Invalid, $"{kind.Kind}.{kind.Group} \"{key.Name}\" is invalid: {all}", details);
    }

    private static StatusDetails Details(KindInfo kind, ResourceKey key) =>
        new() { Name = key.Name, Group = kind.Group.Length == 0 ? null : kind.Group, Kind = kind.Plural };
}
