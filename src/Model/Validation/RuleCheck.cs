using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of one rule of a policy or profile.</summary>
internal sealed class RuleCheck(Findings findings, FieldPath path, Rule rule, string direction, bool extensions)
{
    /// <summary>Where a network of each family was seen first, so that a mix can be reported once.</summary>
    private IpFamily _family = rule.IpVersion switch { 4 => IpFamily.V4, 6 => IpFamily.V6, _ => IpFamily.None };

    public void Check()
    {
        if (string.IsNullOrEmpty(rule.Action))
            findings.Required(path.Child("action"), "");
        else if (rule.Action != PolicyAction.Reject)
            findings.OneOf(path.Child("action"), rule.Action, PolicyAction.Allow, PolicyAction.Deny, PolicyAction.Log, PolicyAction.Pass);
        ExtensionCheck.Action(findings, path.Child("action"), rule.Action, extensions);
        if (rule.IpVersion is not (null or 4 or 6))
            findings.Invalid(path.Child("ipVersion"), rule.IpVersion.Value, "must be 4 or 6");
        CheckProtocol(path.Child("protocol"), rule.Protocol);
        CheckProtocol(path.Child("notProtocol"), rule.NotProtocol);
        CheckIcmp(path.Child("icmp"), rule.Icmp);
        CheckIcmp(path.Child("notICMP"), rule.NotICMP);
        CheckHttp();
        MetadataCheck.Annotations(findings, path.Child("metadata").Child("annotations"), rule.Metadata?.Annotations);
        CheckEntity(path.Child("source"), rule.Source, isDestination: false);
        CheckEntity(path.Child("destination"), rule.Destination, isDestination: true);
    }

    private void CheckProtocol(FieldPath field, Protocol? protocol)
    {
        if (protocol is not { } given)
            return;
        if (given.Number is null)
            findings.OneOf(field, given.Name, "TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "UDPLite");
        else
            findings.Range(field, given.Number, 1, 255);
        if (given.Number == 1 && rule.IpVersion == 6)
            findings.Invalid(field, given, "protocol ICMP requires ipVersion 4", "set ipVersion to 4, or protocol to ICMPv6");
        if (given.Number == 58 && rule.IpVersion == 4)
            findings.Invalid(field, given, "protocol ICMPv6 requires ipVersion 6", "set ipVersion to 6, or protocol to ICMP");
    }

    private void CheckIcmp(FieldPath field, IcmpFields? icmp)
    {
        if (icmp is null)
            return;
        if (rule.Protocol?.Number is not (1 or 58))
            findings.Invalid(field, rule.Protocol?.ToString() ?? "", "ICMP fields require protocol to be ICMP or ICMPv6", $"set {path}.protocol to ICMP or ICMPv6");
        findings.Range(field.Child("type"), icmp.Type, 0, 254);
        findings.Range(field.Child("code"), icmp.Code, 0, 255);
        if (icmp.Code is not null && icmp.Type is null)
            findings.Invalid(field.Child("code"), icmp.Code.Value, "ICMP code specified without an ICMP type", $"add {field}.type");
    }

    private void CheckHttp()
    {
        if (rule.Http is not { } http)
            return;
        var field = path.Child("http");
        if (direction == PolicyType.Egress)
            findings.Forbidden(field, "not allowed in egress rules");
        if (rule.Action != PolicyAction.Allow)
            findings.Forbidden(field, "HTTP match is only valid on Allow rules");
        if (rule.Protocol is not null && rule.Protocol.Value.Number != 6)
            findings.Invalid(path.Child("protocol"), rule.Protocol.Value, "rules with HTTP match must have protocol TCP or unset", "set protocol to TCP");
        findings.MaxItems(field.Child("methods"), http.Methods, 20);
        findings.Unique(field.Child("methods"), http.Methods);
        findings.MaxItems(field.Child("paths"), http.Paths, 20);
        findings.Each(field.Child("paths"), http.Paths, (at, item) =>
        {
            string? text = item.Exact ?? item.Prefix;
            if (item.Exact is null == item.Prefix is null)
                findings.Invalid(at, text ?? "", "exactly one of exact and prefix must be set");
            else if (!text!.StartsWith('/') || text.AsSpan().IndexOfAny("? #") >= 0)
                findings.Invalid(at, text, "must begin with '/' and must not contain '?', '#' or blanks");
            findings.MaxLength(at, text, 1024);
        });
    }

    private void CheckEntity(FieldPath field, EntityRule? entity, bool isDestination)
    {
        if (entity is null)
            return;
        CheckNets(field.Child("nets"), entity.Nets, negated: false);
        CheckNets(field.Child("notNets"), entity.NotNets, negated: true);
        SelectorCheck.Plain(findings, field.Child("selector"), entity.Selector);
        SelectorCheck.Plain(findings, field.Child("notSelector"), entity.NotSelector);
        SelectorCheck.Namespace(findings, field.Child("namespaceSelector"), entity.NamespaceSelector);
        SelectorCheck.Plain(findings, field.Child("serviceAccounts").Child("selector"), entity.ServiceAccounts?.Selector, int.MaxValue);
        findings.Unique(field.Child("serviceAccounts").Child("names"), entity.ServiceAccounts?.Names);
        CheckPorts(field.Child("ports"), entity.Ports);
        CheckPorts(field.Child("notPorts"), entity.NotPorts);
        if (entity.Services is not null)
            CheckServices(field, entity, entity.Services, isDestination);
    }

    private void CheckNets(FieldPath field, List<string>? nets, bool negated)
    {
        findings.MaxItems(field, nets, 256);
        findings.Unique(field, nets);
        findings.Each(field, nets, (at, text) =>
        {
            if (!Networks.TryStrict(findings, at, text, out var net))
                return;
            if (_family == IpFamily.None)
                _family = net.Family;
            else if (_family != net.Family)
                findings.Invalid(at, text, rule.IpVersion is null ? "rule contains both IPv4 and IPv6 CIDRs" : "rule IP version doesn't match CIDR version", "make one rule for IPv4 and one for IPv6");
            if (negated && net.Length == 0)
                findings.Invalid(at, text, "a negated network of all addresses leaves nothing to match", $"remove {at}, or the rule");
        });
    }

    private void CheckPorts(FieldPath field, List<PolicyPort>? ports)
    {
        findings.MaxItems(field, ports, 50);
        findings.Each(field, ports, (at, port) =>
        {
            if (port.Name is { } name)
            {
                if (Names.ServiceName(name) is { } wrong)
                    findings.Invalid(at, name, wrong);
                else if (rule.Protocol is { } named && !Protocols.HavePorts(named))
                    findings.Invalid(at, name, "protocol does not support ports", "set protocol to TCP, UDP or SCTP, or leave it out");
                return;
            }

            if (port.First < 1 || port.Last > 65535)
                findings.Invalid(at, port, "port numbers must be between 1 and 65535");
            if (port.First > port.Last)
                findings.Invalid(at, port, "the range ends before it begins", $"write {port.Last}:{port.First}");

            // A named port carries its protocol with it, a number does not.
            if (rule.Protocol is not { } protocol || !Protocols.HavePorts(protocol))
                findings.Invalid(at, port, "rules that specify ports must set protocol to TCP or UDP or SCTP", $"set {path}.protocol to TCP, UDP or SCTP");
        });
    }

    private void CheckServices(FieldPath field, EntityRule entity, ServiceMatch services, bool isDestination)
    {
        var at = field.Child("services");
        if (isDestination != (direction == PolicyType.Egress))
            findings.Forbidden(at, isDestination ? "not allowed in the destination of ingress rules" : "not allowed in the source of egress rules");
        if (string.IsNullOrEmpty(services.Name))
            findings.Required(at.Child("name"), "services must specify a service name");
        else if (Names.DnsSubdomain(services.Name) is { } wrong)
            findings.Invalid(at.Child("name"), services.Name, wrong);
        if (!string.IsNullOrEmpty(services.Namespace) && Names.DnsSubdomain(services.Namespace) is { } wrongNamespace)
            findings.Invalid(at.Child("namespace"), services.Namespace, wrongNamespace);
        Alone(field, "namespaceSelector", !string.IsNullOrEmpty(entity.NamespaceSelector));
        Alone(field, "selector", !string.IsNullOrEmpty(entity.Selector));
        Alone(field, "notSelector", !string.IsNullOrEmpty(entity.NotSelector));
        Alone(field, "serviceAccounts", entity.ServiceAccounts is not null);
        Alone(field, "nets", entity.Nets is { Count: > 0 });
        Alone(field, "notNets", entity.NotNets is { Count: > 0 });
        Alone(field, "ports", isDestination && entity.Ports is { Count: > 0 });
        Alone(field, "notPorts", isDestination && entity.NotPorts is { Count: > 0 });
    }

    private void Alone(FieldPath field, string other, bool isThere)
    {
        if (isThere)
            findings.Forbidden(field.Child(other), "cannot be specified together with services");
    }
}
