using System.Globalization;
using System.Net;
using Margay.Testbed.Dns.Wire;

namespace Margay.Testbed.Dns.Names;

/// <summary>From addresses back to names: services by their virtual address, hosts behind headless services.</summary>
internal sealed class ReverseNames(IClusterState state)
{
    private const string Zone4 = ".in-addr.arpa";
    private const string Zone6 = ".ip6.arpa";

    /// <summary>The address that a reverse name stands for, or null for other names (RFC 1035 3.5, RFC 3596 2.5).</summary>
    public static IPAddress? AddressOf(string name)
    {
        if (name.EndsWith(Zone4, StringComparison.Ordinal))
        {
            string text = string.Join('.', name[..^Zone4.Length].Split('.').Reverse());
            return IPAddress.TryParse(text, out var v4) && v4.ToString() == text ? v4 : null;
        }
        if (!name.EndsWith(Zone6, StringComparison.Ordinal))
            return null;
        string digits = string.Concat(name[..^Zone6.Length].Split('.').Reverse());
        return digits.Length == 32 && UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            ? new IPAddress(Convert.FromHexString(digits))
            : null;
    }

    public DnsAnswer Answer(string name, IPAddress address, RecordType type)
    {
        string text = address.ToString();
        var targets = state.Services.Select(service => TargetOf(service, text)).OfType<string>().ToList();
        return targets.Count == 0 ? DnsAnswer.NoSuchName
            : type is RecordType.Ptr or RecordType.Any ? DnsAnswer.Of(targets.Select(target => new PointerRecord(name, target)))
            : DnsAnswer.Nothing;
    }

    private string? TargetOf(Model.Resources.Service service, string address)
    {
        var (ns, name) = (service.Metadata.Namespace!, service.Metadata.Name!);
        var names = new ServiceNames(service, state.FindEndpoints(ns, name));
        return names.VirtualAddresses().Contains(address) ? $"{name}.{ns}.svc.{ClusterNames.Zone}"
            : names.IsHeadless ? names.HostWith(address)
            : null;
    }
}
