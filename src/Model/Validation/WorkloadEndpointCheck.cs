using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of workload endpoints as calicoctl writes them.</summary>
internal static class WorkloadEndpointCheck
{
    public static void Check(Findings findings, WorkloadEndpoint endpoint)
    {
        var (spec, path) = (endpoint.Spec, FieldPath.Spec);
        Texts.Name(findings, path.Child("orchestrator"), spec.Orchestrator);
        Texts.Name(findings, path.Child("workload"), spec.Workload);
        Texts.Name(findings, path.Child("node"), spec.Node);
        Texts.Name(findings, path.Child("containerID"), spec.ContainerID, Names.ContainerId);
        Texts.Name(findings, path.Child("pod"), spec.Pod);
        Texts.Name(findings, path.Child("endpoint"), spec.Endpoint);
        Texts.Name(findings, path.Child("serviceAccountName"), spec.ServiceAccountName);
        if (string.IsNullOrEmpty(spec.InterfaceName))
            findings.Required(path.Child("interfaceName"), "");
        else if (spec.InterfaceName != "*")
            Texts.Name(findings, path.Child("interfaceName"), spec.InterfaceName, Names.Interface);
        Texts.Name(findings, path.Child("mac"), spec.Mac, Names.Mac);
        findings.Each(path.Child("profiles"), spec.Profiles, (at, name) => Texts.Name(findings, at, name));
        findings.Each(path.Child("allowSpoofedSourcePrefixes"), spec.AllowSpoofedSourcePrefixes, (at, text) => Networks.Loose(findings, at, text));
        Networks.Address(findings, path.Child("ipv4Gateway"), spec.Ipv4Gateway, IpFamily.V4);
        Networks.Address(findings, path.Child("ipv6Gateway"), spec.Ipv6Gateway, IpFamily.V6);
        findings.Each(path.Child("ports"), spec.Ports, (at, port) => CheckPort(findings, at, port));
        CheckNetworks(findings, path, spec);
    }

    private static void CheckPort(Findings findings, FieldPath path, WorkloadEndpointPort port)
    {
        Texts.Name(findings, path.Child("name"), port.Name, Names.ServiceName);
        if (string.IsNullOrEmpty(port.Name) && port.HostPort is null or 0)
            findings.Required(path.Child("name"), "a port needs a name or a hostPort");
        if (port.Protocol is not { } protocol)
            findings.Required(path.Child("protocol"), "");
        else if (!Protocols.HavePorts(protocol))
            findings.Invalid(path.Child("protocol"), protocol, "must be TCP, UDP or SCTP");
        if (port.Port is null)
            findings.Required(path.Child("port"), "");
        findings.Range(path.Child("port"), port.Port, 1, 65535);
        findings.Range(path.Child("hostPort"), port.HostPort, 0, 65535);
        Networks.StrictOrAddress(findings, path.Child("hostIP"), port.HostIP);
    }

    private static void CheckNetworks(Findings findings, FieldPath path, WorkloadEndpointSpec spec)
    {
        var own = new List<IpAddr>();
        findings.Each(path.Child("ipNetworks"), spec.IpNetworks, (at, text) =>
        {
            if (!IpPrefix.TryParse(text, out var net))
                findings.Invalid(at, text, "must be a network of one address, such as 10.0.0.1/32");
            else if (net.Length != net.Address.Bits)
                findings.Invalid(at, text, "must be a network of one address (/32 or /128)");
            else
                own.Add(net.Address);
        });
        findings.Each(path.Child("ipNATs"), spec.IpNATs, (at, nat) =>
        {
            Networks.Address(findings, at.Child("internalIP"), nat.InternalIP);
            Networks.Address(findings, at.Child("externalIP"), nat.ExternalIP);
            if (!IpAddr.TryParse(nat.InternalIP ?? "", out var inside))
                return;
            if (IpAddr.TryParse(nat.ExternalIP ?? "", out var outside) && inside.Family != outside.Family)
                findings.Invalid(at.Child("externalIP"), nat.ExternalIP!, "must be of the same version of IP as internalIP");
            if (!own.Contains(inside))
                findings.Invalid(at.Child("internalIP"), nat.InternalIP!, "is not in the endpoint's networks", $"add {inside}/{inside.Bits} to spec.ipNetworks");
        });
    }
}
