using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Says what is wrong with an object, everything at once.</summary>
public static class ResourceValidator
{
    /// <summary>
    /// Checks an object by itself. What needs other objects (does the tier exist, do pools overlap) is not asked here; kinds
    /// without rules of ours only have their metadata checked.
    /// </summary>
    /// <param name="value">The object, with its defaults (<see cref="ResourceDefaults"/>).</param>
    /// <param name="old">What it replaces, or null when it is new.</param>
    /// <returns>The mistakes; empty when there are none.</returns>
    public static IReadOnlyList<ValidationError> Validate(Resource value, Resource? old = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        var findings = new Findings();
        MetadataCheck.Check(findings, value.Metadata, NameForm(value), Registry.KindRegistry.Find(value.ApiVersion, value.Kind)?.Namespaced ?? true);
        switch (value)
        {
            case NetworkPolicy policy:
                PolicyChecks.Check(findings, policy.Metadata, policy.Spec);
                break;
            case GlobalNetworkPolicy policy:
                PolicyChecks.Check(findings, policy.Metadata, policy.Spec);
                break;
            case StagedNetworkPolicy policy:
                StagedChecks.Check(findings, policy);
                break;
            case StagedGlobalNetworkPolicy policy:
                StagedChecks.Check(findings, policy);
                break;
            case StagedKubernetesNetworkPolicy policy:
                StagedChecks.Check(findings, policy);
                break;
            case ClusterNetworkPolicy policy:
                ClusterNetworkPolicyCheck.Check(findings, policy);
                break;
            case Profile profile:
                PolicyChecks.Check(findings, profile);
                break;
            case Tier tier:
                PolicyChecks.Check(findings, tier);
                break;
            case KubeNetworkPolicy policy:
                KubeNetworkPolicyCheck.Check(findings, policy.Spec);
                break;
            case NetworkSet set:
                AddressChecks.Check(findings, set.Metadata, set.Spec);
                break;
            case GlobalNetworkSet set:
                AddressChecks.Check(findings, set.Metadata, set.Spec);
                break;
            case IPPool pool:
                AddressChecks.Check(findings, pool, old as IPPool);
                break;
            case IPReservation reservation:
                AddressChecks.Check(findings, reservation);
                break;
            case HostEndpoint endpoint:
                AddressChecks.Check(findings, endpoint);
                break;
            case IPAMConfiguration configuration:
                AddressChecks.Check(findings, configuration);
                break;
            case BlockAffinity affinity:
                AddressChecks.Check(findings, affinity);
                break;
            case IPAMBlock block:
                AddressChecks.Check(findings, block);
                break;
            case FelixConfiguration configuration:
                FelixConfigurationCheck.Check(findings, configuration);
                break;
        }

        return findings.Errors;
    }

    private static Func<string, string?> NameForm(Resource value) => value switch
    {
        NetworkPolicy or GlobalNetworkPolicy or StagedNetworkPolicy or StagedGlobalNetworkPolicy => Names.Policy,
        Tier or Namespace => Names.DnsLabel,
        _ => Names.DnsSubdomain,
    };
}
