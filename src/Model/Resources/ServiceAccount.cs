namespace Margay.Model.Resources;

/// <summary>An identity that pods run under (core v1).</summary>
public sealed class ServiceAccount() : Resource(ApiVersions.Core, "ServiceAccount")
{
    /// <summary>Secrets that pods of this account may use.</summary>
    public List<ObjectReference>? Secrets { get; set; }

    /// <summary>Secrets with credentials of image registries.</summary>
    public List<LocalObjectReference>? ImagePullSecrets { get; set; }

    /// <summary>Whether pods get a token of the account in a file.</summary>
    public bool? AutomountServiceAccountToken { get; set; }
}
