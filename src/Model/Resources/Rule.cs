namespace Margay.Model.Resources;

/// <summary>
/// One rule of a policy or profile. Every criterion that is present must hold for a packet to match, the positive and
/// the <c>not</c> form of the same criterion both included; a rule without criteria matches every packet.
/// </summary>
public sealed class Rule
{
    /// <summary>
    /// What happens to a packet that matches: <c>Allow</c> and <c>Deny</c> decide, <c>Pass</c> goes on to the next tier (after
    /// the last one to the profiles), <c>Log</c> writes a log line and goes on to the next rule. <c>Reject</c> decides like
    /// <c>Deny</c> and tells the sender; it is an extension of Margay (<see cref="Extensions"/>).
    /// </summary>
    public string Action { get; set => field = value ?? ""; } = "";

    /// <summary>4 or 6 to match one version of IP only; absent matches both.</summary>
    public int? IpVersion { get; set; }

    /// <summary>
    /// The IP protocol: <c>TCP</c>, <c>UDP</c>, <c>ICMP</c>, <c>ICMPv6</c>, <c>SCTP</c>, <c>UDPLite</c> or a number from 1 to
    /// 255. Needed when ports or ICMP fields are given.
    /// </summary>
    public Protocol? Protocol { get; set; }

    /// <summary>The ICMP message; only with protocol <c>ICMP</c> or <c>ICMPv6</c>.</summary>
    public IcmpFields? Icmp { get; set; }

    /// <summary>Any IP protocol but this one.</summary>
    public Protocol? NotProtocol { get; set; }

    /// <summary>Any ICMP message but this one.</summary>
    public IcmpFields? NotICMP { get; set; }

    /// <summary>What must hold for the end that opened the connection.</summary>
    public EntityRule? Source { get; set; }

    /// <summary>What must hold for the end that the connection goes to.</summary>
    public EntityRule? Destination { get; set; }

    /// <summary>The HTTP request; only on <c>Allow</c> rules for TCP, and only where an HTTP proxy enforces policy.</summary>
    public HttpMatch? Http { get; set; }

    /// <summary>Notes about the rule; they never change what it matches.</summary>
    public RuleMetadata? Metadata { get; set; }
}

/// <summary>What a rule can do, as the API spells it.</summary>
public static class PolicyAction
{
    /// <summary>Lets the connection through.</summary>
    public const string Allow = "Allow";

    /// <summary>Drops the packet.</summary>
    public const string Deny = "Deny";

    /// <summary>Writes a log line and goes on.</summary>
    public const string Log = "Log";

    /// <summary>Leaves the tier and goes on with the next.</summary>
    public const string Pass = "Pass";

    /// <summary>
    /// Drops the packet and answers the sender, with a TCP reset or an ICMP error "administratively prohibited" (RFC 1812
    /// section 5.2.7.1, RFC 4443 section 3.1). An extension of Margay (<see cref="Extensions"/>), unknown upstream.
    /// </summary>
    public const string Reject = "Reject";
}

/// <summary>The directions a policy governs, as the API spells them.</summary>
public static class PolicyType
{
    /// <summary>Connections to the selected endpoints.</summary>
    public const string Ingress = "Ingress";

    /// <summary>Connections from the selected endpoints.</summary>
    public const string Egress = "Egress";
}

/// <summary>An ICMP or ICMPv6 message.</summary>
public sealed class IcmpFields
{
    /// <summary>The ICMP type, 0 to 254; for example 8 is an echo request in IPv4 and 128 in IPv6.</summary>
    public int? Type { get; set; }

    /// <summary>The ICMP code, 0 to 255; only together with a type.</summary>
    public int? Code { get; set; }
}

/// <summary>An HTTP request: one of the methods and one of the paths must fit.</summary>
public sealed class HttpMatch
{
    /// <summary>Methods such as <c>GET</c>, at most 20; any of them.</summary>
    public List<string>? Methods { get; set; }

    /// <summary>Paths, at most 20; any of them.</summary>
    public List<HttpPath>? Paths { get; set; }
}

/// <summary>A path of an HTTP request: exactly one of the two fields.</summary>
public sealed class HttpPath
{
    /// <summary>The whole path, at most 1024 characters.</summary>
    public string? Exact { get; set; }

    /// <summary>How the path begins, at most 1024 characters.</summary>
    public string? Prefix { get; set; }
}

/// <summary>Notes about a rule.</summary>
public sealed class RuleMetadata
{
    /// <summary>Free keys and values; data planes show them where they can, as rule comments.</summary>
    public Dictionary<string, string>? Annotations { get; set; }
}
