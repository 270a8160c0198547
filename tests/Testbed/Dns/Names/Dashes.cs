using System.Net;
using System.Net.Sockets;
using Margay.Testbed.Dns.Wire;

namespace Margay.Testbed.Dns.Names;

/// <summary>Addresses as one label of a name: <c>10-244-1-7</c>, <c>fd00--7</c>.</summary>
internal static class Dashes
{
    public static IPAddress? Parse(string label) =>
        IPAddress.TryParse(label.Replace('-', '.'), out var v4) && v4.ToString() == label.Replace('-', '.') ? v4
        : IPAddress.TryParse(label.Replace('-', ':'), out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6 ? v6
        : null;

    public static string Format(string address) => address.Replace('.', '-').Replace(':', '-');

    /// <summary>Of the answer's addresses, those of the type that is asked for.</summary>
    public static DnsAnswer OfType(this DnsAnswer answer, RecordType type) =>
        answer with { Records = [.. answer.Records.Where(record => record is not AddressRecord address || Matches(address.Address, type))] };

    public static bool Matches(IPAddress address, RecordType type) => type switch
    {
        RecordType.A => address.AddressFamily == AddressFamily.InterNetwork,
        RecordType.Aaaa => address.AddressFamily == AddressFamily.InterNetworkV6,
        _ => type == RecordType.Any,
    };
}
