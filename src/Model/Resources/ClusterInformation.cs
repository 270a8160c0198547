namespace Margay.Model.Resources;

/// <summary>What the components tell about the cluster; there is one, named <c>default</c> (projectcalico.org/v3).</summary>
public sealed class ClusterInformation() : Resource(ApiVersions.ProjectCalico, "ClusterInformation")
{
    /// <summary>The facts.</summary>
    public ClusterInformationSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>Facts about the cluster, written by the components.</summary>
public sealed class ClusterInformationSpec
{
    /// <summary>Names this cluster among all; made at installation.</summary>
    public string? ClusterGUID { get; set; }

    /// <summary>What the cluster is made of, as words with commas, for example <c>k8s,bgp</c>.</summary>
    public string? ClusterType { get; set; }

    /// <summary>The version that runs.</summary>
    public string? CalicoVersion { get; set; }

    /// <summary>False while a migration wants everybody to wait; absent counts as true.</summary>
    public bool? DatastoreReady { get; set; }

    /// <summary>The edition that runs.</summary>
    public string? Variant { get; set; }
}
