namespace Margay.Model.Resources;

/// <summary>
/// What would become of a <see cref="NetworkPolicy"/> of the same name: evaluated for what it would do, never enforced
/// (projectcalico.org/v3).
/// </summary>
public sealed class StagedNetworkPolicy() : Resource(ApiVersions.ProjectCalico, "StagedNetworkPolicy")
{
    /// <summary>What the policy would demand.</summary>
    public StagedNetworkPolicySpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>What a staged namespaced policy would demand.</summary>
public sealed class StagedNetworkPolicySpec : NetworkPolicySpec
{
    /// <summary>What enforcing it would do, one of <see cref="Resources.StagedAction"/>; default <c>Set</c>.</summary>
    public string? StagedAction { get; set; }
}

/// <summary>
/// What would become of a <see cref="GlobalNetworkPolicy"/> of the same name: evaluated for what it would do, never enforced
/// (projectcalico.org/v3).
/// </summary>
public sealed class StagedGlobalNetworkPolicy() : Resource(ApiVersions.ProjectCalico, "StagedGlobalNetworkPolicy")
{
    /// <summary>What the policy would demand.</summary>
    public StagedGlobalNetworkPolicySpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>What a staged global policy would demand.</summary>
public sealed class StagedGlobalNetworkPolicySpec : GlobalNetworkPolicySpec
{
    /// <summary>What enforcing it would do, one of <see cref="Resources.StagedAction"/>; default <c>Set</c>.</summary>
    public string? StagedAction { get; set; }
}

/// <summary>
/// What would become of a <see cref="KubeNetworkPolicy"/> of the same name: evaluated for what it would do, never enforced
/// (projectcalico.org/v3).
/// </summary>
public sealed class StagedKubernetesNetworkPolicy() : Resource(ApiVersions.ProjectCalico, "StagedKubernetesNetworkPolicy")
{
    /// <summary>What the policy would demand.</summary>
    public StagedKubernetesNetworkPolicySpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>What a staged Kubernetes policy would demand.</summary>
public sealed class StagedKubernetesNetworkPolicySpec : KubeNetworkPolicySpec
{
    /// <summary>What enforcing it would do, one of <see cref="Resources.StagedAction"/>; default <c>Set</c>.</summary>
    public string? StagedAction { get; set; }
}

/// <summary>What enforcing a staged policy would do, as the API spells it.</summary>
public static class StagedAction
{
    /// <summary>Makes or replaces the enforced policy.</summary>
    public const string Set = "Set";

    /// <summary>Deletes the enforced policy; the rest of the staged policy says nothing then.</summary>
    public const string Delete = "Delete";

    /// <summary>Nothing yet: a recommendation that still grows. It is evaluated like <see cref="Set"/>.</summary>
    public const string Learn = "Learn";

    /// <summary>Nothing: a recommendation that was turned down. It is not evaluated.</summary>
    public const string Ignore = "Ignore";
}
