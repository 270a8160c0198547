using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>What matters here about a pod.</summary>
/// <param name="Labels">Its own labels and those that the system gives.</param>
/// <param name="ServiceAccount">Its service account; empty when it names none.</param>
/// <param name="Addresses">The addresses that its status shows.</param>
/// <param name="Ports">The ports that it declares under names.</param>
/// <param name="IsEndpoint">False when it uses the host's network or is finished: then it has no address of its own.</param>
internal sealed record PodFacts(LabelSet Labels, string ServiceAccount, IpAddr[] Addresses, NamedPort[] Ports, bool IsEndpoint)
{
    /// <summary>The same without an object for it.</summary>
    public PodView View => new(Labels.Labels, ServiceAccount, Addresses, Ports, IsEndpoint);

    /// <summary>Reads a pod.</summary>
    internal static PodFacts Read(Pod pod, string @namespace, LabelPool pool)
    {
        string account = pod.Spec.ServiceAccountName ?? "";
        bool isEndpoint = pod.Spec.HostNetwork != true && pod.Status?.Phase is not ("Succeeded" or "Failed");
        var labels = OwnLabels.Of(pod, @namespace);
        labels[KnownLabels.Orchestrator] = KnownLabels.Kubernetes;
        if (account.Length > 0) labels[KnownLabels.ServiceAccount] = account;
        return new PodFacts(LabelSet.Create(pool, labels), account, [.. AddressesOf(pod)], [.. PortsOf(pod)], isEndpoint);
    }

    private static IEnumerable<IpAddr> AddressesOf(Pod pod)
    {
        if (pod.Status is not { } status) yield break;
        if (status.PodIPs is not { Count: > 0 } several)
        {
            if (IpAddr.TryParse(status.PodIP, out var only)) yield return only;
            yield break;
        }
        foreach (var entry in several)
            if (IpAddr.TryParse(entry.Ip, out var address)) yield return address;
    }

    private static IEnumerable<NamedPort> PortsOf(Pod pod)
    {
        foreach (var container in (pod.Spec.Containers ?? []).Concat(pod.Spec.InitContainers ?? []))
            foreach (var port in container.Ports ?? [])
                if (!string.IsNullOrEmpty(port.Name) && port.Number is > 0 and <= ushort.MaxValue)
                    yield return new NamedPort(port.Name, PortProtocols.Number(port.Protocol), (ushort)port.Number);
    }
}

/// <summary>What matters here about a pod, while it is applied: nothing of a pod elsewhere is kept as an object.</summary>
internal readonly ref struct PodView(
    ReadOnlySpan<Label> labels, string serviceAccount, ReadOnlySpan<IpAddr> addresses, NamedPort[] ports, bool isEndpoint)
{
    /// <summary>Its own labels and those that the system gives, ordered by name.</summary>
    public readonly ReadOnlySpan<Label> Labels = labels;

    /// <summary>Its service account; empty when it names none.</summary>
    public readonly string ServiceAccount = serviceAccount;

    /// <summary>The addresses that its status shows.</summary>
    public readonly ReadOnlySpan<IpAddr> Addresses = addresses;

    /// <summary>The ports that it declares under names.</summary>
    public readonly NamedPort[] Ports = ports;

    /// <summary>False when it uses the host's network or is finished.</summary>
    public readonly bool IsEndpoint = isEndpoint;

    /// <summary>As an object, for a pod of this node.</summary>
    public PodFacts Keep() => new(LabelSet.FromSorted(Labels), ServiceAccount, Addresses.ToArray(), Ports, IsEndpoint);
}

/// <summary>The labels that things have themselves.</summary>
internal static class OwnLabels
{
    /// <summary>
    /// The object's labels and its namespace, if it is in one. Labels that the system gives, and those with the prefixes of inherited ones, are
    /// left out: whoever may label a pod or a network set must not be able to make it what it is not, a pod of another namespace or of a service
    /// account.
    /// </summary>
    internal static Dictionary<string, string> Of(Resource resource, string @namespace)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in resource.Metadata.Labels ?? [])
        {
            if (key is KnownLabels.Namespace or KnownLabels.Orchestrator or KnownLabels.ServiceAccount
                || key.StartsWith(KnownLabels.NamespacePrefix, StringComparison.Ordinal)
                || key.StartsWith(KnownLabels.ServiceAccountPrefix, StringComparison.Ordinal)) continue;
            labels[key] = value;
        }
        if (@namespace.Length > 0) labels[KnownLabels.Namespace] = @namespace;
        return labels;
    }
}
