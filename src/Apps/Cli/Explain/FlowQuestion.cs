using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;

namespace Margay.Cli.Explain;

/// <summary>One backend that the question is about.</summary>
/// <param name="Label">How the user knows it.</param>
/// <param name="End">The pod or address.</param>
/// <param name="Port">The port; for ICMP type and code in one number.</param>
internal readonly record struct QuestionEnd(string Label, FlowEnd End, ushort Port);

/// <summary>What the user asked.</summary>
internal sealed record FlowQuestion(string SourceText, FlowEnd Source, string DestinationText, IReadOnlyList<QuestionEnd> Destinations, byte Protocol, string ProtocolName)
{
    /// <summary>Reads the two arguments.</summary>
    /// <exception cref="CliException">Something is misspelt or does not exist.</exception>
    public static FlowQuestion Parse(string source, string destination, string defaultNamespace, IReadOnlyList<Resource> resources)
    {
        var (target, port, protocol, protocolName) = SplitDestination(destination);
        var from = EndOf(source, defaultNamespace, resources);
        return new FlowQuestion(source, from, destination, DestinationsOf(target, port, defaultNamespace, resources), protocol, protocolName);
    }

    private static (string Target, ushort Port, byte Protocol, string Name) SplitDestination(string text)
    {
        string protocolName = "tcp";
        int colon = text.LastIndexOf(':');
        // The protocol stands behind the port; a slash before it belongs to namespace/pod.
        int slash = text.IndexOf('/', colon + 1);
        string body = text;
        if (slash > 0 && colon > 0)
        {
            protocolName = text[(slash + 1)..].ToLowerInvariant();
            body = text[..slash];
        }
        byte protocol = protocolName switch
        {
            "tcp" => 6,
            "udp" => 17,
            "sctp" => 132,
            "icmp" => 1,
            "icmpv6" => 58,
            _ => byte.TryParse(protocolName, NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
                ? number
                : throw new CliException($"'{protocolName}' is no protocol: tcp, udp, sctp, icmp, icmpv6 or a number."),
        };
        if (colon < 0 || !ushort.TryParse(body[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            throw new CliException($"'{text}': write the destination as NAME:PORT, for example shop/cart:8080 or 10.0.0.1:53/udp.");
        // For ICMP the number is the type: an echo request is 8 in IPv4 and 128 in IPv6.
        return (body[..colon].Trim('[', ']'), protocol is 1 or 58 ? (ushort)(port << 8) : port, protocol, protocolName);
    }

    private static FlowEnd EndOf(string text, string defaultNamespace, IReadOnlyList<Resource> resources)
    {
        if (IpAddr.TryParse(text.Trim('[', ']'), out var address)) return FlowEnd.At(address);
        var (ns, name) = NameOf(text, "pod/", defaultNamespace);
        if (!resources.OfType<Pod>().Any(pod => pod.Metadata.Namespace == ns && pod.Metadata.Name == name))
            throw new CliException($"There is no pod {ns}/{name}, and '{text}' is no address.{Nearest(name, resources)}");
        return FlowEnd.Pod(ns, name);
    }

    private static IReadOnlyList<QuestionEnd> DestinationsOf(string text, ushort port, string defaultNamespace, IReadOnlyList<Resource> resources)
    {
        bool service = text.StartsWith("svc/", StringComparison.Ordinal) || text.StartsWith("service/", StringComparison.Ordinal);
        if (!service) return [new QuestionEnd(text, EndOf(text, defaultNamespace, resources), port)];
        var (ns, name) = NameOf(text, text[..(text.IndexOf('/', StringComparison.Ordinal) + 1)], defaultNamespace);
        var found = resources.OfType<Service>().FirstOrDefault(s => s.Metadata.Namespace == ns && s.Metadata.Name == name)
                    ?? throw new CliException($"There is no service {ns}/{name}.");
        var servicePort = found.Spec.Ports?.FirstOrDefault(p => p.Port == port)
                          ?? throw new CliException($"Service {ns}/{name} has no port {port}; it has {string.Join(", ", found.Spec.Ports?.Select(p => $"{p.Port}") ?? [])}.");
        var backends = (
            from slice in resources.OfType<EndpointSlice>()
            where slice.Metadata.Namespace == ns && slice.Metadata.Labels?.GetValueOrDefault("kubernetes.io/service-name") == name
            from endpoint in slice.Endpoints ?? []
            from address in endpoint.Addresses ?? []
            from slicePort in slice.Ports ?? []
            where slicePort.Name == servicePort.Name || (string.IsNullOrEmpty(slicePort.Name) && string.IsNullOrEmpty(servicePort.Name))
            where slicePort.Port is not null && IpAddr.TryParse(address, out _)
            select new QuestionEnd($"{ns}/{name} backend {address}:{slicePort.Port}", FlowEnd.At(IpAddr.Parse(address)), (ushort)slicePort.Port!.Value)).ToArray();
        return backends.Length > 0 ? backends : throw new CliException($"Service {ns}/{name} has no endpoint behind it: no ready pod matches its selector.");
    }

    private static (string Namespace, string Name) NameOf(string text, string prefix, string defaultNamespace)
    {
        if (text.StartsWith(prefix, StringComparison.Ordinal)) text = text[prefix.Length..];
        return text.Split('/', 2) is [var ns, var name] ? (ns, name) : (defaultNamespace, text);
    }

    private static string Nearest(string name, IReadOnlyList<Resource> resources)
    {
        var alike = resources.OfType<Pod>().Where(pod => pod.Metadata.Name == name || pod.Metadata.Name!.StartsWith(name, StringComparison.Ordinal))
            .Select(pod => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}").Take(3).ToArray();
        return alike.Length == 0 ? "" : $" Did you mean {string.Join(" or ", alike)}?";
    }
}
