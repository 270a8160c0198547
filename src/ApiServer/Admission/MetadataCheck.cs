using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Admission;

/// <summary>What Kubernetes demands of every object's metadata.</summary>
internal static class MetadataCheck
{
    private const int LargestAnnotations = 256 * 1024;

    public static IEnumerable<FieldError> Check(AdmissionRequest request)
    {
        JsonObject metadata = request.Document.Metadata();
        if (NameError(request) is { } wrong)
            yield return new("FieldValueInvalid", "metadata.name", $"Invalid value: \"{request.Name}\": {wrong}");
        foreach (FieldError error in Map(metadata, "labels", isLabel: true)) yield return error;
        foreach (FieldError error in Map(metadata, "annotations", isLabel: false)) yield return error;
        foreach (string finalizer in metadata.Texts("finalizers"))
        {
            if (NameCheck.QualifiedName(finalizer) is { } bad)
                yield return new("FieldValueInvalid", "metadata.finalizers", $"Invalid value: \"{finalizer}\": {bad}");
        }
        foreach (FieldError error in Owners(metadata)) yield return error;
        if (request.Old is { } old && old.Metadata()["deletionTimestamp"] is not null)
        {
            string[] added = [.. metadata.Texts("finalizers").Except(old.Metadata().Texts("finalizers"))];
            if (added.Length > 0)
            {
                yield return new("FieldValueForbidden", "metadata.finalizers",
                    $"Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers [{string.Join(' ', added)}]");
            }
        }
    }

    private static string? NameError(AdmissionRequest request) => (request.Kind.Gvk.Group, request.Kind.Gvk.Kind) switch
    {
        ("", "Namespace") => NameCheck.DnsLabel(request.Name),
        ("", "Service") => NameCheck.ServiceName(request.Name),
        ("rbac.authorization.k8s.io", _) => NameCheck.PathSegment(request.Name),
        _ => NameCheck.Subdomain(request.Name),
    };

    private static IEnumerable<FieldError> Map(JsonObject metadata, string field, bool isLabel)
    {
        if (metadata[field] is null) yield break;
        string path = $"metadata.{field}";
        if (metadata[field] is not JsonObject map)
        {
            yield return new("FieldValueTypeInvalid", path, $"Invalid value: {path} must be an object");
            yield break;
        }
        int size = 0;
        foreach (var (key, value) in map)
        {
            if (NameCheck.QualifiedName(key) is { } wrong)
                yield return new("FieldValueInvalid", path, $"Invalid value: \"{key}\": {wrong}");
            if (value is null || value.GetValueKind() != JsonValueKind.String)
            {
                yield return new("FieldValueTypeInvalid", $"{path}.{key}", $"Invalid value: {value?.ToJsonString() ?? "null"}: must be a string");
                continue;
            }
            string text = value.GetValue<string>();
            size += key.Length + text.Length;
            if (isLabel && NameCheck.LabelValue(text) is { } bad)
                yield return new("FieldValueInvalid", path, $"Invalid value: \"{text}\": {bad}");
        }
        if (!isLabel && size > LargestAnnotations)
            yield return new("FieldValueTooLong", path, $"Too long: must have at most {LargestAnnotations} bytes");
    }

    private static IEnumerable<FieldError> Owners(JsonObject metadata)
    {
        if (metadata.List("ownerReferences") is not { } owners) yield break;
        int controllers = 0;
        for (int i = 0; i < owners.Count; i++)
        {
            var owner = owners[i] as JsonObject;
            foreach (string field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (owner.Text(field).Length == 0)
                    yield return new("FieldValueInvalid", $"metadata.ownerReferences[{i}].{field}", "Invalid value: \"\": must not be empty");
            }
            if (owner.Flag("controller")) controllers++;
        }
        if (controllers > 1)
            yield return new("FieldValueInvalid", "metadata.ownerReferences", "Invalid value: only one reference can have controller set to true");
    }
}
