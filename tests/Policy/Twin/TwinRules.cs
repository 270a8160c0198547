using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>Whether a rule of projectcalico.org/v3 matches a packet. Every line is one sentence of the documentation.</summary>
/// <param name="world">All resources.</param>
/// <param name="policyNamespace">The namespace of the policy, null for a global one and for profiles.</param>
/// <param name="packet">The packet.</param>
internal sealed class TwinRules(IReadOnlyList<Resource> world, string? policyNamespace, TwinPacket packet)
{
    public bool Matches(Rule rule)
    {
        // "A packet of which no request is known fits no such rule", and no question here has one.
        if (rule.Http is not null) return false;
        if (rule.IpVersion == 4 && packet.IsV6) return false;
        if (rule.IpVersion == 6 && !packet.IsV6) return false;
        if (rule.Protocol is { } protocol && !IsProtocol(protocol)) return false;
        if (rule.NotProtocol is { } notProtocol && notProtocol.Number == packet.Protocol) return false;
        if (rule.Icmp is { } icmp && !IsMessage(icmp)) return false;
        if (rule.NotICMP is { } notIcmp && IsMessage(notIcmp)) return false;
        return IsSide(rule.Source ?? new EntityRule(), packet.Source, packet.SourcePort, isDestination: false)
            && IsSide(rule.Destination ?? new EntityRule(), packet.Destination, packet.DestinationPort, isDestination: true);
    }

    /// <summary>"ICMP means IPv4 and ICMPv6 IPv6."</summary>
    private bool IsProtocol(Protocol protocol)
    {
        if (protocol.Number == 1 && packet.IsV6) return false;
        if (protocol.Number == 58 && !packet.IsV6) return false;
        return protocol.Number == packet.Protocol;
    }

    private bool IsMessage(IcmpFields fields)
    {
        if (fields.Type is { } type && type != packet.IcmpType) return false;
        return fields.Code is null || fields.Code == packet.IcmpCode;
    }

    private bool IsSide(EntityRule side, IpAddr address, int port, bool isDestination)
    {
        if (side.Nets is { Count: > 0 } nets && !IsIn(nets, address)) return false;
        if (side.NotNets is { Count: > 0 } notNets && (!NamesFamily(notNets, address) || IsIn(notNets, address))) return false;
        if (!IsSomebodyMeant(side, address)) return false;
        if (side.Ports is { Count: > 0 } ports && !IsPort(ports, side, address, port)) return false;
        if (side.NotPorts is { Count: > 0 } notPorts && IsPort(notPorts, side, address, port)) return false;
        return side.Services is not { } service || IsBehind(service, address, port, isDestination);
    }

    private static bool IsIn(List<string> nets, IpAddr address)
    {
        foreach (string net in nets)
            if (IpPrefix.Parse(net).Contains(address)) return true;
        return false;
    }

    /// <summary>"Prefix lists, positive or negative, confine a rule to the families they name."</summary>
    private static bool NamesFamily(List<string> nets, IpAddr address)
    {
        foreach (string net in nets)
            if (IpPrefix.Parse(net).Family == address.Family) return true;
        return false;
    }

    /// <summary>Whether the side says whom it means, and not only whom it does not mean.</summary>
    private bool IsPositive(EntityRule side)
    {
        if (!string.IsNullOrEmpty(side.Selector) || !string.IsNullOrEmpty(side.NamespaceSelector)) return true;
        if (side.ServiceAccounts is { } accounts && (accounts.Names is { Count: > 0 } || !string.IsNullOrEmpty(accounts.Selector))) return true;
        return policyNamespace is not null && !string.IsNullOrEmpty(side.NotSelector);
    }

    private bool IsSomebodyMeant(EntityRule side, IpAddr address)
    {
        bool positive = IsPositive(side);
        if (!positive && string.IsNullOrEmpty(side.NotSelector)) return true;
        foreach (var resource in world)
        {
            if (TwinParty.From(world, resource) is not { } party || !party.IsAt(address)) continue;
            if (positive && IsMeant(side, party)) return true;
            if (!positive && TwinSelector.Matches(side.NotSelector!, party.Label)) return false;
        }
        return !positive;
    }

    private bool IsMeant(EntityRule side, TwinParty party)
    {
        if (!string.IsNullOrEmpty(side.NamespaceSelector))
        {
            if (!party.IsInNamespaces(side.NamespaceSelector)) return false;
        }
        else if (policyNamespace is not null && party.Namespace != policyNamespace)
        {
            return false;
        }
        if (side.ServiceAccounts?.Names is { Count: > 0 } names && (party.Account is null || !names.Contains(party.Account))) return false;
        if (side.ServiceAccounts?.Selector is { Length: > 0 } accounts && !TwinSelector.Matches(accounts, party.AccountLabel)) return false;
        if (!string.IsNullOrEmpty(side.Selector) && !TwinSelector.Matches(side.Selector, party.Label)) return false;
        return string.IsNullOrEmpty(side.NotSelector) || !TwinSelector.Matches(side.NotSelector, party.Label);
    }

    private bool IsPort(List<PolicyPort> ports, EntityRule side, IpAddr address, int port)
    {
        if (!packet.HasPorts) return false;
        foreach (var wanted in ports)
        {
            if (wanted.Name is null && port >= wanted.First && port <= wanted.Last) return true;
            if (wanted.Name is not null && IsNamed(wanted.Name, side, address, port)) return true;
        }
        return false;
    }

    /// <summary>"A named port is (address, protocol, port) of every endpoint in the side's scope that declares it."</summary>
    private bool IsNamed(string name, EntityRule side, IpAddr address, int port)
    {
        foreach (var resource in world)
        {
            if (TwinParty.From(world, resource) is not { } party || !party.IsAt(address)) continue;
            if (IsPositive(side) && !IsMeant(side, party)) continue;
            if (party.Ports.Contains(new TwinPort(name, packet.Protocol, port))) return true;
        }
        return false;
    }

    private bool IsBehind(ServiceMatch service, IpAddr address, int port, bool isDestination)
    {
        string @namespace = string.IsNullOrEmpty(service.Namespace) ? policyNamespace ?? "" : service.Namespace;
        bool hasSlices = false;
        foreach (var resource in world)
        {
            if (resource is not EndpointSlice slice || slice.Metadata.Namespace != @namespace) continue;
            if (slice.Metadata.Labels?.GetValueOrDefault("kubernetes.io/service-name") != service.Name) continue;
            hasSlices = true;
            foreach (var endpoint in slice.Endpoints)
                foreach (string text in endpoint.Addresses)
                    if (IpAddr.TryParse(text, out var backend) && backend == address
                        && (!isDestination || HasPort(slice.Ports ?? [], port))) return true;
        }
        return !hasSlices && IsInEndpoints(service.Name!, @namespace, address, port, isDestination);
    }

    /// <summary>"No protocol: TCP; no port: no member."</summary>
    private bool HasPort(List<EndpointPort> ports, int port)
    {
        foreach (var one in ports)
            if (one.Port == port && TwinNumbers.Protocol(one.Protocol ?? "TCP") == packet.Protocol && packet.HasPorts) return true;
        return false;
    }

    /// <summary>"Without slices its Endpoints object is used", ready or not.</summary>
    private bool IsInEndpoints(string name, string @namespace, IpAddr address, int port, bool isDestination)
    {
        foreach (var resource in world)
        {
            if (resource is not Endpoints endpoints || endpoints.Metadata.Name != name || endpoints.Metadata.Namespace != @namespace) continue;
            foreach (var subset in endpoints.Subsets ?? [])
            {
                bool portFits = !isDestination;
                foreach (var one in subset.Ports ?? [])
                    portFits |= one.Port == port && TwinNumbers.Protocol(one.Protocol ?? "TCP") == packet.Protocol && packet.HasPorts;
                if (!portFits) continue;
                foreach (var given in (List<EndpointAddress>)[.. subset.Addresses ?? [], .. subset.NotReadyAddresses ?? []])
                    if (IpAddr.TryParse(given.Ip, out var backend) && backend == address) return true;
            }
        }
        return false;
    }
}
