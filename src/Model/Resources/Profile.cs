namespace Margay.Model.Resources;

/// <summary>
/// Rules and labels for the endpoints that name it. Its rules come after all tiers; every namespace and service account
/// makes one (<c>kns.NAMESPACE</c>, <c>ksa.NAMESPACE.NAME</c>) (projectcalico.org/v3).
/// </summary>
public sealed class Profile() : Resource(ApiVersions.ProjectCalico, "Profile")
{
    /// <summary>The rules and labels.</summary>
    public ProfileSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>The rules and labels of a profile.</summary>
public sealed class ProfileSpec
{
    /// <summary>Rules for connections to the endpoint, in order; at most 1024.</summary>
    public List<Rule>? Ingress { get; set; }

    /// <summary>Rules for connections from the endpoint, in order; at most 1024.</summary>
    public List<Rule>? Egress { get; set; }

    /// <summary>Labels that each endpoint inherits; a label of its own with the same key wins.</summary>
    public Dictionary<string, string>? LabelsToApply { get; set; }
}
