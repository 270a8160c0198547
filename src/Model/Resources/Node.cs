namespace Margay.Model.Resources;

/// <summary>A machine of the cluster (core v1).</summary>
public sealed class Node() : Resource(ApiVersions.Core, "Node")
{
    /// <summary>What the cluster wants of the machine.</summary>
    public NodeSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What the machine says of itself.</summary>
    public NodeStatus? Status { get; set; }
}

/// <summary>What the cluster wants of a machine.</summary>
public sealed class NodeSpec
{
    /// <summary>The network that Kubernetes set aside for the node's pods.</summary>
    public string? PodCIDR { get; set; }

    /// <summary>The same for each IP family; the first equals <c>podCIDR</c>.</summary>
    public List<string>? PodCIDRs { get; set; }

    /// <summary>The machine's name at its provider, <c>PROVIDER://ID</c>.</summary>
    public string? ProviderID { get; set; }

    /// <summary>Whether new pods stay away.</summary>
    public bool? Unschedulable { get; set; }

    /// <summary>Marks that keep pods away which do not tolerate them.</summary>
    public List<Taint>? Taints { get; set; }

    /// <summary>Deprecated by Kubernetes; kept for round trips.</summary>
    public NodeConfigSource? ConfigSource { get; set; }

    /// <summary>Deprecated by Kubernetes; kept for round trips.</summary>
    public string? ExternalID { get; set; }
}

/// <summary>A mark that keeps pods away.</summary>
public sealed class Taint
{
    /// <summary>The key.</summary>
    public string Key { get; set => field = value ?? ""; } = "";

    /// <summary>The value.</summary>
    public string? Value { get; set; }

    /// <summary><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>.</summary>
    public string Effect { get; set => field = value ?? ""; } = "";

    /// <summary>When it was put there; RFC 3339.</summary>
    public string? TimeAdded { get; set; }
}

/// <summary>Where a kubelet's configuration comes from; deprecated by Kubernetes.</summary>
public sealed class NodeConfigSource
{
    /// <summary>A config map.</summary>
    public ConfigMapNodeConfigSource? ConfigMap { get; set; }
}

/// <summary>A config map with a kubelet's configuration; deprecated by Kubernetes.</summary>
public sealed class ConfigMapNodeConfigSource
{
    /// <summary>The namespace.</summary>
    public string Namespace { get; set => field = value ?? ""; } = "";

    /// <summary>The name.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>The uid.</summary>
    public string? Uid { get; set; }

    /// <summary>The version.</summary>
    public string? ResourceVersion { get; set; }

    /// <summary>The key that holds the configuration.</summary>
    public string KubeletConfigKey { get; set => field = value ?? ""; } = "";
}
