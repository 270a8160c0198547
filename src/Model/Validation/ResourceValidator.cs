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
                OnlyDefault(findings, value);
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
            case ClusterInformation:
                OnlyDefault(findings, value);
                break;
            case BGPConfiguration configuration:
                BgpConfigurationCheck.Check(findings, configuration);
                break;
            case BGPPeer peer:
                BgpPeerCheck.Check(findings, peer);
                break;
            case BGPFilter filter:
                BgpFilterCheck.Check(findings, filter);
                break;
            case CalicoNodeStatus status:
                ControllerChecks.Check(findings, status);
                break;
            case KubeControllersConfiguration configuration:
                OnlyDefault(findings, value);
                ControllerChecks.Check(findings, configuration);
                break;
            case CalicoNode node:
                CalicoNodeCheck.Check(findings, node);
                break;
            case WorkloadEndpoint endpoint:
                WorkloadEndpointCheck.Check(findings, endpoint);
                break;
            case Pod:
                AddressAnnotations.Check(findings, value.Metadata, AddressAnnotations.ForPods);
                QosAnnotations.Check(findings, value.Metadata);
                break;
            case Namespace:
                AddressAnnotations.Check(findings, value.Metadata, AddressAnnotations.ForNamespaces);
                break;
            case Lease lease:
                LeaseCheck.Check(findings, lease);
                break;
            case Service:
                AddressAnnotations.Check(findings, value.Metadata, AddressAnnotations.ForServices);
                break;
        }

        return findings.Errors;
    }

    /// <summary>Kinds of which there is one object.</summary>
    private static void OnlyDefault(Findings findings, Resource value)
    {
        if (value.Metadata.Name is { Length: > 0 } name && name != "default")
            findings.Invalid(FieldPath.Metadata.Child("name"), name, $"there is only one {value.Kind}, named default", "name it default");
    }

    private static Func<string, string?> NameForm(Resource value) => value switch
    {
        NetworkPolicy or StagedNetworkPolicy => Names.Policy,
        GlobalNetworkPolicy or StagedGlobalNetworkPolicy => Names.GlobalPolicy,
        Tier or Namespace => Names.DnsLabel,
        _ => Names.DnsSubdomain,
    };
}
