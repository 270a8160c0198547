using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Objects of the cluster as stored objects and back. A revision is the object's resource version.</summary>
internal static class ResourceForm
{
    public static StoredObject Read(KindInfo kind, Resource value)
    {
        var document = (JsonObject)JsonSerializer.SerializeToNode(value, kind.TypeInfo)!;
        long revision = Revision(value.Metadata.ResourceVersion);
        return new StoredObject(ResourceKeys.Of(kind, value.Metadata.Namespace, value.Metadata.Name ?? ""), StoredForm.Write(document), revision, revision);
    }

    /// <summary>The object of the bytes that are to be stored, as the next state after a revision; 0 for a new one.</summary>
    public static Resource Write(KindInfo kind, byte[] bytes, long revision)
    {
        Resource value = kind.Read(bytes);
        value.Metadata.ResourceVersion = revision == 0 ? null : Text(revision);
        return value;
    }

    public static string Text(long revision) => revision.ToString(CultureInfo.InvariantCulture);

    /// <summary>Kubernetes lets nobody rely on it, and yet a version is etcd's revision, which every other reader of lists and watches relies on too.</summary>
    public static long Revision(string? version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long revision)
            ? revision
            : throw new StorageUnavailableException($"the cluster's resource version \"{version}\" is not a number; this API server needs a cluster whose state is in etcd");
}
