using System.Net;

namespace Margay.Testbed.Dns.Wire;

/// <summary>A record that belongs to a name.</summary>
internal abstract record DnsRecord(string Name);

/// <summary>A or AAAA.</summary>
internal sealed record AddressRecord(string Name, IPAddress Address) : DnsRecord(Name);

/// <summary>CNAME.</summary>
internal sealed record AliasRecord(string Name, string Target) : DnsRecord(Name);

/// <summary>SRV: where a port of a service is.</summary>
internal sealed record PortRecord(string Name, int Port, string Target) : DnsRecord(Name);

/// <summary>PTR.</summary>
internal sealed record PointerRecord(string Name, string Target) : DnsRecord(Name);

/// <summary>TXT.</summary>
internal sealed record TextRecord(string Name, string Text) : DnsRecord(Name);

/// <summary>What is known of a name: the records that were asked for, or that it does not exist.</summary>
internal sealed record DnsAnswer(ResponseCode Code, IReadOnlyList<DnsRecord> Records)
{
    public static readonly DnsAnswer NoSuchName = new(ResponseCode.NameError, []);

    /// <summary>The name exists and has nothing of this type.</summary>
    public static readonly DnsAnswer Nothing = new(ResponseCode.NoError, []);

    public static DnsAnswer Of(params IEnumerable<DnsRecord> records) => new(ResponseCode.NoError, [.. records]);
}
