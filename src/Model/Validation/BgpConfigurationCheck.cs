using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of the settings of BGP.</summary>
internal static class BgpConfigurationCheck
{
    private const int MaxCommunities = 500;
    private const int HighestMetric = 2147483646;

    public static void Check(Findings findings, BGPConfiguration configuration)
    {
        var (spec, path) = (configuration.Spec, FieldPath.Spec);
        if (configuration.Metadata.Name != "default")
            CheckDefaultOnly(findings, spec);
        if (!string.IsNullOrEmpty(spec.LogSeverityScreen) && !Severities.Contains(spec.LogSeverityScreen, StringComparer.OrdinalIgnoreCase))
            findings.OneOf(path.Child("logSeverityScreen"), spec.LogSeverityScreen, Severities);
        AsNumbers.Check(findings, path.Child("asNumber"), spec.AsNumber);
        findings.Range(path.Child("listenPort"), spec.ListenPort, 1, 65535);
        Blocks(findings, path.Child("serviceLoadBalancerIPs"), spec.ServiceLoadBalancerIPs);
        Blocks(findings, path.Child("serviceExternalIPs"), spec.ServiceExternalIPs);
        Blocks(findings, path.Child("serviceClusterIPs"), spec.ServiceClusterIPs);
        findings.OneOf(path.Child("serviceLoadBalancerAggregation"), spec.ServiceLoadBalancerAggregation, "Enabled", "Disabled");
        findings.OneOf(path.Child("bindMode"), spec.BindMode, "None", "NodeIP");
        findings.OneOf(
            path.Child("programClusterRoutes"), spec.ProgramClusterRoutes, "Enabled", "Disabled", "EnabledIPIPOnly", "EnabledNoEncapOnly");
        Texts.Duration(findings, path.Child("nodeMeshMaxRestartTime"), spec.NodeMeshMaxRestartTime);
        findings.Each(path.Child("ignoredInterfaces"), spec.IgnoredInterfaces, (at, name) =>
        {
            if (name == "*")
                findings.Invalid(at, name, "would leave no interface", "name interfaces, such as docker*");
            else
                Texts.Name(findings, at, name, Names.InterfacePattern);
        });
        findings.Unique(path.Child("ignoredInterfaces"), spec.IgnoredInterfaces);
        Networks.Address(findings, path.Child("localWorkloadPeeringIPV4"), spec.LocalWorkloadPeeringIPV4, IpFamily.V4);
        Networks.Address(findings, path.Child("localWorkloadPeeringIPV6"), spec.LocalWorkloadPeeringIPV6, IpFamily.V6);
        findings.Range(path.Child("ipv4NormalRoutePriority"), spec.Ipv4NormalRoutePriority, 1, HighestMetric);
        findings.Range(path.Child("ipv6NormalRoutePriority"), spec.Ipv6NormalRoutePriority, 1, HighestMetric);
        CheckMesh(findings, spec);
        CheckCommunities(findings, spec);
    }

    private static readonly string[] Severities = ["Trace", "Debug", "Info", "Warning", "Error", "Fatal"];

    private static void CheckDefaultOnly(Findings findings, BGPConfigurationSpec spec)
    {
        ReadOnlySpan<(string Field, bool IsSet)> fields =
        [
            ("nodeToNodeMeshEnabled", spec.NodeToNodeMeshEnabled is not null), ("asNumber", spec.AsNumber is not null),
            ("serviceLoadBalancerIPs", spec.ServiceLoadBalancerIPs is { Count: > 0 }),
            ("serviceExternalIPs", spec.ServiceExternalIPs is { Count: > 0 }), ("serviceClusterIPs", spec.ServiceClusterIPs is { Count: > 0 }),
            ("nodeMeshPassword", spec.NodeMeshPassword is not null), ("nodeMeshMaxRestartTime", spec.NodeMeshMaxRestartTime is not null),
        ];
        foreach (var (field, isSet) in fields)
        {
            if (isSet)
                findings.Forbidden(FieldPath.Spec.Child(field), "can only be set in the BGPConfiguration named default", "set it there");
        }
    }

    private static void CheckMesh(Findings findings, BGPConfigurationSpec spec)
    {
        if (spec.NodeToNodeMeshEnabled != false)
            return;
        if (spec.NodeMeshPassword is not null)
            findings.Forbidden(FieldPath.Spec.Child("nodeMeshPassword"), "cannot be set when nodeToNodeMeshEnabled is false");
        if (spec.NodeMeshMaxRestartTime is not null)
            findings.Forbidden(FieldPath.Spec.Child("nodeMeshMaxRestartTime"), "cannot be set when nodeToNodeMeshEnabled is false");
    }

    private static void CheckCommunities(Findings findings, BGPConfigurationSpec spec)
    {
        var (named, advertised) = (FieldPath.Spec.Child("communities"), FieldPath.Spec.Child("prefixAdvertisements"));
        findings.MaxItems(named, spec.Communities, MaxCommunities);
        findings.MaxItems(advertised, spec.PrefixAdvertisements, MaxCommunities);
        if (spec.Communities is { Count: > 0 } && spec.PrefixAdvertisements is not { Count: > 0 })
            findings.Invalid(named, spec.Communities.Count, "communities are defined but not used in prefixAdvertisements", $"use them in {advertised}");
        findings.Each(named, spec.Communities, (at, community) =>
        {
            if (string.IsNullOrEmpty(community.Name))
                findings.Required(at.Child("name"), "");
            Texts.Name(findings, at.Child("name"), community.Name);
            if (string.IsNullOrEmpty(community.Value))
                findings.Required(at.Child("value"), "");
            else if (!CommunityValue.IsValid(community.Value))
                findings.Invalid(at.Child("value"), community.Value, CommunityValue.Form);
        });
        findings.Each(advertised, spec.PrefixAdvertisements, (at, prefix) =>
        {
            if (string.IsNullOrEmpty(prefix.Cidr))
                findings.Required(at.Child("cidr"), "");
            Networks.StrictOrAddress(findings, at.Child("cidr"), prefix.Cidr);
            if (prefix.Communities is null)
                findings.Required(at.Child("communities"), "");
            findings.MaxItems(at.Child("communities"), prefix.Communities, 50);
            findings.Each(at.Child("communities"), prefix.Communities, (item, text) =>
            {
                if (CommunityValue.LooksLike(text) ? !CommunityValue.IsValid(text) : spec.Communities?.Exists(known => known?.Name == text) != true)
                    findings.Invalid(item, text, CommunityValue.Form + ", or a name that spec.communities has");
            });
        });
    }

    private static void Blocks(Findings findings, FieldPath path, List<ServiceIPBlock>? blocks) =>
        findings.Each(path, blocks, (at, block) => Networks.StrictOrAddress(findings, at.Child("cidr"), block.Cidr));
}
