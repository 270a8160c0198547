using System.Text.RegularExpressions;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Controllers.HostEndpoints;

/// <summary>Which host endpoints nodes get.</summary>
/// <param name="Enabled">Whether they get any.</param>
/// <param name="CreateDefault">Whether each gets one for all its interfaces.</param>
/// <param name="Templates">Further ones.</param>
/// <param name="IsWhole">False when a template could not be understood: then nothing is deleted that it might have made.</param>
internal sealed record AutoHostEndpoints(bool Enabled, bool CreateDefault, IReadOnlyList<HostEndpointPattern> Templates, bool IsWhole)
{
    /// <summary>Reads the configuration.</summary>
    /// <param name="config">The configuration; null for none.</param>
    /// <param name="problems">Takes what could not be understood.</param>
    public static AutoHostEndpoints Read(AutoHostEndpointConfig? config, List<string> problems)
    {
        var templates = new List<HostEndpointPattern>();
        int number = 0, before = problems.Count;
        foreach (var template in config?.Templates ?? [])
        {
            string field = $"spec.controllers.node.hostEndpoint.templates[{number++}]";
            if (HostEndpointPattern.TryRead(template, out var pattern, out string? problem)) templates.Add(pattern);
            else problems.Add($"{field}: {problem}; it makes no host endpoint, and none that it made is deleted");
        }
        return new(config?.AutoCreate == "Enabled", config?.CreateDefaultHostEndpoint != "Disabled", templates, problems.Count == before);
    }
}

/// <summary>A template, understood.</summary>
/// <param name="Name">What tells its endpoints from others' of the node.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="Cidrs">Which addresses of the node it expects.</param>
/// <param name="Interfaces">Which interfaces get an endpoint each; null for one endpoint that names no interface.</param>
/// <param name="Labels">Labels they get, which win over those of the node.</param>
/// <param name="Annotations">Annotations they get.</param>
internal sealed record HostEndpointPattern(
    string Name, Selector Nodes, IReadOnlyList<IpPrefix> Cidrs, Regex? Interfaces,
    IReadOnlyDictionary<string, string>? Labels, IReadOnlyDictionary<string, string>? Annotations)
{
    /// <summary>Reads a template.</summary>
    public static bool TryRead(HostEndpointTemplate template, out HostEndpointPattern pattern, out string? problem)
    {
        pattern = null!;
        if (string.IsNullOrEmpty(template.GenerateName)) return Fail("generateName is missing", out problem);
        if (!Selector.TryParse(template.NodeSelector, out var nodes, out var error)) return Fail($"nodeSelector \"{template.NodeSelector}\": {error}", out problem);
        var cidrs = new List<IpPrefix>();
        foreach (string text in template.InterfaceCIDRs ?? [])
        {
            if (!IpPrefix.TryParse(text, out var cidr)) return Fail($"interfaceCIDRs: \"{text}\" is not a network", out problem);
            cidrs.Add(cidr);
        }
        Regex? interfaces = null;
        try
        {
            // Go writes named groups in its own way; whatever needs more than one look at the text, Go does not have either.
            if (!string.IsNullOrEmpty(template.InterfacePattern))
                interfaces = new Regex(template.InterfacePattern.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception cause) when (cause is ArgumentException or NotSupportedException)
        {
            return Fail($"interfacePattern \"{template.InterfacePattern}\": {cause.Message}", out problem);
        }
        pattern = new(template.GenerateName, nodes, cidrs, interfaces, template.Labels, template.Annotations);
        problem = null;
        return true;
    }

    private static bool Fail(string message, out string? problem)
    {
        problem = message;
        return false;
    }
}
