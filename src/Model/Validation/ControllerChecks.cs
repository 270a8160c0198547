using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of what controllers are told: their settings, and questions to nodes.</summary>
internal static class ControllerChecks
{
    public static void Check(Findings findings, CalicoNodeStatus status)
    {
        var (spec, path) = (status.Spec, FieldPath.Spec);
        if (string.IsNullOrEmpty(spec.Node))
            findings.Required(path.Child("node"), "");
        Texts.Name(findings, path.Child("node"), spec.Node);
        if (spec.Classes is null)
            findings.Required(path.Child("classes"), "Agent, BGP and Routes can be asked");
        findings.Each(path.Child("classes"), spec.Classes, (at, asked) => findings.OneOf(at, asked, "Agent", "BGP", "Routes"));
        findings.Unique(path.Child("classes"), spec.Classes);
        if (spec.UpdatePeriodSeconds is null)
            findings.Required(path.Child("updatePeriodSeconds"), "0 stops the answers");
        findings.Range(path.Child("updatePeriodSeconds"), spec.UpdatePeriodSeconds, 0, 86400);
    }

    public static void Check(Findings findings, KubeControllersConfiguration configuration)
    {
        var (spec, path) = (configuration.Spec, FieldPath.Spec);
        Texts.Word(
            findings, path.Child("logSeverityScreen"), spec.LogSeverityScreen, "None", "Debug", "Info", "Warning", "Error", "Fatal", "Panic");
        Switch(findings, path.Child("healthChecks"), spec.HealthChecks);
        Texts.Duration(findings, path.Child("etcdV3CompactionPeriod"), spec.EtcdV3CompactionPeriod);
        findings.Range(path.Child("prometheusMetricsPort"), spec.PrometheusMetricsPort, 0, 65535);
        findings.Range(path.Child("debugProfilePort"), spec.DebugProfilePort, 0, 65535);
        if (spec.Controllers is { } controllers)
            CheckControllers(findings, path.Child("controllers"), controllers);
    }

    private static void CheckControllers(Findings findings, FieldPath path, ControllersConfig controllers)
    {
        Period(findings, path.Child("policy"), controllers.Policy);
        Period(findings, path.Child("workloadEndpoint"), controllers.WorkloadEndpoint);
        Period(findings, path.Child("serviceAccount"), controllers.ServiceAccount);
        Period(findings, path.Child("namespace"), controllers.Namespace);
        Texts.Word(
            findings, path.Child("loadBalancer").Child("assignIPs"), controllers.LoadBalancer?.AssignIPs, "AllServices", "RequestedServicesOnly");
        Switch(findings, path.Child("migration").Child("policyNameMigrator"), controllers.Migration?.PolicyNameMigrator);
        if (controllers.Node is not { } node)
            return;
        var at = path.Child("node");
        Texts.Duration(findings, at.Child("reconcilerPeriod"), node.ReconcilerPeriod);
        Texts.Duration(findings, at.Child("leakGracePeriod"), node.LeakGracePeriod);
        Switch(findings, at.Child("syncLabels"), node.SyncLabels);
        if (node.HostEndpoint is not { } hosts)
            return;
        at = at.Child("hostEndpoint");
        Switch(findings, at.Child("autoCreate"), hosts.AutoCreate);
        Switch(findings, at.Child("createDefaultHostEndpoint"), hosts.CreateDefaultHostEndpoint);
        var names = new HashSet<string>(StringComparer.Ordinal);
        findings.Each(at.Child("templates"), hosts.Templates, (item, template) =>
        {
            CheckTemplate(findings, item, template);
            if (!string.IsNullOrEmpty(template.GenerateName) && !names.Add(template.GenerateName))
                findings.Duplicate(item.Child("generateName"), template.GenerateName);
        });
    }

    private static void CheckTemplate(Findings findings, FieldPath path, HostEndpointTemplate template)
    {
        if (string.IsNullOrEmpty(template.GenerateName))
            findings.Required(path.Child("generateName"), "names of host endpoints are made from it");
        Texts.Name(findings, path.Child("generateName"), template.GenerateName);
        if (template.InterfaceCIDRs is not { Count: > 0 } && string.IsNullOrEmpty(template.InterfacePattern))
            findings.Required(path.Child("interfaceCIDRs"), "interfaceCIDRs or interfacePattern must be specified");
        findings.Each(path.Child("interfaceCIDRs"), template.InterfaceCIDRs, (at, text) => Networks.Loose(findings, at, text));
        findings.Unique(path.Child("interfaceCIDRs"), template.InterfaceCIDRs);
        Texts.Pattern(findings, path.Child("interfacePattern"), template.InterfacePattern);
        MetadataCheck.Labels(findings, path.Child("labels"), template.Labels);
        MetadataCheck.Annotations(findings, path.Child("annotations"), template.Annotations);
        SelectorCheck.Plain(findings, path.Child("nodeSelector"), template.NodeSelector, int.MaxValue);
    }

    private static void Period(Findings findings, FieldPath path, ReconcilerConfig? controller) =>
        Texts.Duration(findings, path.Child("reconcilerPeriod"), controller?.ReconcilerPeriod);

    private static void Switch(Findings findings, FieldPath path, string? value) => Texts.Word(findings, path, value, "Enabled", "Disabled");
}
