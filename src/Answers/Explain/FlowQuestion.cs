using System.Globalization;
using Margay.Answers.Sources;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>One destination that the question is about: the one that was named, or one of a service's backends.</summary>
/// <param name="Label">How the user knows it.</param>
/// <param name="End">The pod or address.</param>
/// <param name="Port">The port; for ICMP type and code in one number.</param>
public readonly record struct QuestionEnd(string Label, FlowEnd End, ushort Port);

/// <summary>A question about a connection: who opens it, to whom, with what.</summary>
/// <param name="SourceText">The source as it was written.</param>
/// <param name="Source">The source.</param>
/// <param name="DestinationText">The destination as it was written.</param>
/// <param name="Destinations">The destination, or the backends of the service that it is; empty for a service without any.</param>
/// <param name="Protocol">The IP protocol number.</param>
/// <param name="ProtocolName">The protocol as it was written, in lower case.</param>
public sealed record FlowQuestion(
    string SourceText, FlowEnd Source, string DestinationText, IReadOnlyList<QuestionEnd> Destinations, byte Protocol, string ProtocolName)
{
    /// <summary>The service that the destination is; null when it is none.</summary>
    public Service? Service { get; private init; }

    /// <summary>Reads source and destination as people write them.</summary>
    /// <param name="source"><c>NAMESPACE/POD</c>, <c>POD</c> or an address.</param>
    /// <param name="destination"><c>NAMESPACE/POD:PORT[/PROTOCOL]</c>, <c>svc/[NAMESPACE/]NAME:PORT</c>, <c>ADDRESS:PORT</c>, <c>[ADDRESS6]:PORT</c>; ICMP may leave the port out.</param>
    /// <param name="defaultNamespace">The namespace of names without one.</param>
    /// <param name="objects">The pods and services.</param>
    /// <exception cref="AnswerException">Something is misspelt or does not exist.</exception>
    public static FlowQuestion Parse(string source, string destination, string defaultNamespace, ResourceSet objects)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(objects);
        var target = TargetText.Parse(destination);
        var from = EndOf(source, defaultNamespace, objects);
        if (ServiceName(target.Name) is not { } name)
        {
            var end = new QuestionEnd(target.Label, EndOf(target.Name, defaultNamespace, objects), target.Port);
            return new FlowQuestion(source, from, destination, [end], target.Protocol, target.ProtocolName);
        }
        var service = FindService(name, defaultNamespace, objects);
        return new FlowQuestion(source, from, destination, Backends(service, target, objects), target.Protocol, target.ProtocolName) { Service = service };
    }

    private static string? ServiceName(string text) =>
        text.StartsWith("svc/", StringComparison.Ordinal) ? text[4..] : text.StartsWith("service/", StringComparison.Ordinal) ? text[8..] : null;

    private static FlowEnd EndOf(string text, string defaultNamespace, ResourceSet objects)
    {
        if (IpAddr.TryParse(text.Trim('[', ']'), out var address)) return FlowEnd.At(address);
        if (text.StartsWith("pod/", StringComparison.Ordinal)) text = text[4..];
        var (ns, name) = Split(text, defaultNamespace);
        if (objects.Find(new Pod { Metadata = { Namespace = ns, Name = name } }.Key) is null)
            throw new AnswerException($"There is no pod {ns}/{name}, and '{text}' is no address.{Nearest(name, objects)}");
        return FlowEnd.Pod(ns, name);
    }

    private static Service FindService(string text, string defaultNamespace, ResourceSet objects)
    {
        var (ns, name) = Split(text, defaultNamespace);
        return objects.Find(new Service { Metadata = { Namespace = ns, Name = name } }.Key)?.Value as Service
            ?? throw new AnswerException($"There is no service {ns}/{name}.");
    }

    private static QuestionEnd[] Backends(Service service, in TargetText target, ResourceSet objects)
    {
        var (ns, name, port) = (service.Metadata.Namespace, service.Metadata.Name, target.Port);
        var servicePort = service.Spec.Ports?.FirstOrDefault(p => p.Port == port)
            ?? throw new AnswerException($"Service {ns}/{name} has no port {port}; it has {string.Join(", ", service.Spec.Ports?.Select(p => $"{p.Port}") ?? [])}.");
        return [.. (
            from slice in objects.Of<EndpointSlice>()
            where slice.Metadata.Namespace == ns && slice.Metadata.Labels?.GetValueOrDefault(EndpointSlice.ServiceNameLabel) == name
            from endpoint in slice.Endpoints ?? []
            from address in endpoint.Addresses ?? []
            from slicePort in slice.Ports ?? []
            where (slicePort.Name ?? "") == (servicePort.Name ?? "") && slicePort.Port is not null && IpAddr.TryParse(address, out _)
            select new QuestionEnd($"{ns}/{name} backend {Joined(address, $"{slicePort.Port}")}", FlowEnd.At(IpAddr.Parse(address)), (ushort)slicePort.Port!.Value)).Distinct()];
    }

    private static string Joined(string name, string port) => name.Contains(':', StringComparison.Ordinal) ? $"[{name}]:{port}" : $"{name}:{port}";

    private static (string Namespace, string Name) Split(string text, string defaultNamespace) =>
        text.Split('/', 2) is [var ns, var name] ? (ns, name) : (defaultNamespace, text);

    // Names of pods end in generated letters: who writes "shop/cart" means one of its pods.
    private static string Nearest(string name, ResourceSet objects)
    {
        var alike = objects.Of<Pod>().Where(pod => pod.Metadata.Name?.StartsWith(name, StringComparison.Ordinal) == true)
            .Select(pod => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}").Order(StringComparer.Ordinal).Take(3).ToArray();
        return alike.Length == 0 ? "" : $" Did you mean {string.Join(" or ", alike)}?";
    }

    /// <summary>The parts of a destination.</summary>
    private readonly record struct TargetText(string Name, ushort Port, byte Protocol, string ProtocolName)
    {
        public string Label => Protocol is 1 or 58 ? Name : Joined(Name, $"{Port}");

        public static TargetText Parse(string text)
        {
            int colon = text.LastIndexOf(':');
            // The protocol stands behind the port; a slash before it belongs to namespace/pod.
            int slash = text.IndexOf('/', colon + 1);
            string name = colon > 0 && slash > 0 ? text[(slash + 1)..].ToLowerInvariant() : "tcp";
            string body = colon > 0 && slash > 0 ? text[..slash] : text;
            byte protocol = ProtocolOf(name);
            if (colon <= 0 || !ushort.TryParse(body[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                throw new AnswerException($"'{text}': write the destination as NAME:PORT[/PROTOCOL], for example shop/cart:8080 or 10.0.0.1:53/udp; for ICMP the port is the type.");
            // For ICMP the number is the type: an echo request is 8 in IPv4 and 128 in IPv6.
            return new TargetText(body[..colon].Trim('[', ']'), protocol is 1 or 58 ? (ushort)(port << 8) : port, protocol, name);
        }

        private static byte ProtocolOf(string name) => name switch
        {
            "tcp" => 6,
            "udp" => 17,
            "sctp" => 132,
            "udplite" => 136,
            "icmp" => 1,
            "icmpv6" => 58,
            _ => byte.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
                ? number
                : throw new AnswerException($"'{name}' is no protocol: tcp, udp, sctp, udplite, icmp, icmpv6 or a number."),
        };
    }
}
