using Margay.Model.Resources;

namespace Margay.Controllers.ClusterFacts;

/// <summary>What ClusterInformation should say. Pure.</summary>
internal static class ClusterInformationPlan
{
    /// <summary>The one object's name.</summary>
    public const string Name = "default";

    // What this product is, and that the datastore is the Kubernetes API: upstream's word for that is kdd.
    private static readonly string[] OwnTypes = ["margay", "kdd"];

    /// <summary>The object as it should be; null when it is.</summary>
    /// <param name="stored">What is stored; null when there is none.</param>
    /// <param name="version">The version that runs.</param>
    /// <param name="freshGuid">32 hexadecimal digits, used when the cluster has no name yet.</param>
    public static ClusterInformation? Desired(ClusterInformation? stored, string version, string freshGuid)
    {
        var now = stored?.Spec ?? new();
        var next = new ClusterInformationSpec
        {
            ClusterGUID = string.IsNullOrEmpty(now.ClusterGUID) ? freshGuid : now.ClusterGUID,
            ClusterType = Join(now.ClusterType),
            CalicoVersion = version,
            // False is a migration's word, and only the migration takes it back.
            DatastoreReady = now.DatastoreReady ?? true,
            Variant = now.Variant,
        };
        bool same = stored is not null && now.ClusterGUID == next.ClusterGUID && now.ClusterType == next.ClusterType
            && now.CalicoVersion == next.CalicoVersion && now.DatastoreReady == next.DatastoreReady;
        return same ? null : new ClusterInformation { Metadata = stored?.Metadata ?? new ObjectMeta { Name = Name }, Spec = next };
    }

    // Other components add words of theirs; each stays, in its place.
    private static string Join(string? types)
    {
        var words = (types ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        words.AddRange(OwnTypes.Where(t => !words.Contains(t)));
        return string.Join(',', words);
    }
}
