using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Controllers.HostEndpoints;

/// <summary>What to do about the host endpoints of one node.</summary>
/// <param name="Create">To be made.</param>
/// <param name="Update">To be written in place of the version that each names.</param>
/// <param name="Delete">To be deleted, in the version that was seen.</param>
internal sealed record HostEndpointPlan(IReadOnlyList<HostEndpoint> Create, IReadOnlyList<HostEndpoint> Update, IReadOnlyList<HostEndpoint> Delete)
{
    /// <summary>The label of what controllers made; nothing without it is ever touched.</summary>
    public const string CreatedByLabel = "projectcalico.org/created-by";

    /// <summary>Its value; upstream's, so that either can go on with the other's.</summary>
    public const string CreatedByValue = "calico-kube-controllers";

    private const string AllowProfile = "projectcalico-default-allow";

    /// <summary>Plans for a node. Pure: equal state gives an equal plan, and a state that is as it should be gives an empty one.</summary>
    /// <param name="node">The node; null when it is gone.</param>
    /// <param name="config">Which endpoints nodes get.</param>
    /// <param name="existing">Its host endpoints that carry the label.</param>
    public static HostEndpointPlan For(Node? node, AutoHostEndpoints config, IEnumerable<HostEndpoint> existing)
    {
        var wanted = node is null || !config.Enabled ? [] : Desired(node, config).ToDictionary(e => e.Metadata.Name!);
        var (create, update, delete) = (new List<HostEndpoint>(), new List<HostEndpoint>(), new List<HostEndpoint>());
        foreach (var have in existing.OrderBy(e => e.Metadata.Name, StringComparer.Ordinal))
        {
            if (!wanted.Remove(have.Metadata.Name!, out var want))
            {
                // A template that cannot be understood may have made it; only the end of the node ends it then.
                if (node is null || !config.Enabled || config.IsWhole) delete.Add(have);
            }
            else if (!Same(have, want))
            {
                update.Add(Over(have, want));
            }
        }
        create.AddRange(wanted.Values.OrderBy(e => e.Metadata.Name, StringComparer.Ordinal));
        return new(create, update, delete);
    }

    /// <summary>Whether a host endpoint was made by controllers.</summary>
    public static bool IsOurs(HostEndpoint endpoint) => endpoint.Metadata.Labels?.GetValueOrDefault(CreatedByLabel) == CreatedByValue;

    private static IEnumerable<HostEndpoint> Desired(Node node, AutoHostEndpoints config)
    {
        string name = node.Metadata.Name!;
        var addresses = NodeFacts.AddressesOf(node);
        if (config.CreateDefault) yield return Endpoint(node, null, HostEndpointNames.Of(name), "*", addresses);
        foreach (var template in config.Templates.Where(t => t.Nodes.Evaluate(node.Metadata.Labels)).DistinctBy(t => t.Name))
        {
            IReadOnlyList<IpAddr> matching = [.. addresses.Where(a => template.Cidrs.Any(c => c.Family == a.Family && c.Contains(a)))];
            if (template.Interfaces is null)
            {
                // It names no interface, so without an address it would say nothing.
                if (matching.Count > 0) yield return Endpoint(node, template, HostEndpointNames.Of(name, template.Name), null, matching);
                continue;
            }
            foreach (var card in NodeFacts.InterfacesOf(node).Where(i => template.Interfaces.IsMatch(i.Name)).DistinctBy(i => i.Name))
            {
                var own = card.Addresses.Select(NodeFacts.AddressIn).OfType<IpAddr>();
                yield return Endpoint(node, template, HostEndpointNames.Of(name, template.Name, card.Name), card.Name, [.. matching.Union(own)]);
            }
        }
    }

    private static HostEndpoint Endpoint(Node node, HostEndpointPattern? template, string name, string? interfaceName, IReadOnlyList<IpAddr> addresses)
    {
        var labels = new Dictionary<string, string>(node.Metadata.Labels ?? [], StringComparer.Ordinal);
        foreach (var (key, value) in template?.Labels ?? new Dictionary<string, string>()) labels[key] = value;
        labels[CreatedByLabel] = CreatedByValue;
        return new()
        {
            Metadata = { Name = name, Labels = labels, Annotations = template?.Annotations is { Count: > 0 } notes ? new(notes) : null },
            Spec = new()
            {
                Node = node.Metadata.Name,
                InterfaceName = interfaceName,
                ExpectedIPs = addresses.Count == 0 ? null : [.. addresses.Select(a => a.ToString())],
                Profiles = [AllowProfile],
            },
        };
    }

    private static bool Same(HostEndpoint have, HostEndpoint want) =>
        Same(have.Metadata.Labels, want.Metadata.Labels) && Same(have.Metadata.Annotations, want.Metadata.Annotations)
        && have.Spec.Node == want.Spec.Node && (have.Spec.InterfaceName ?? "") == (want.Spec.InterfaceName ?? "")
        && (have.Spec.ExpectedIPs ?? []).SequenceEqual(want.Spec.ExpectedIPs ?? []) && (have.Spec.Profiles ?? []).SequenceEqual(want.Spec.Profiles ?? [])
        && have.Spec.Ports is not { Count: > 0 };

    private static bool Same(Dictionary<string, string>? a, Dictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a is null || a.All(pair => b!.TryGetValue(pair.Key, out string? value) && value == pair.Value));

    private static HostEndpoint Over(HostEndpoint have, HostEndpoint want) => new()
    {
        Metadata =
        {
            Name = have.Metadata.Name,
            Uid = have.Metadata.Uid,
            ResourceVersion = have.Metadata.ResourceVersion,
            CreationTimestamp = have.Metadata.CreationTimestamp,
            OwnerReferences = have.Metadata.OwnerReferences,
            Finalizers = have.Metadata.Finalizers,
            Labels = want.Metadata.Labels,
            Annotations = want.Metadata.Annotations,
        },
        Spec = want.Spec,
    };
}
