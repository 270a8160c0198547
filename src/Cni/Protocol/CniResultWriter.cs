using System.Text.Json;

namespace Margay.Cni.Protocol;

/// <summary>Writes results in the shape of the version that the caller speaks.</summary>
public static class CniResultWriter
{
    /// <summary>One JSON document, without fields that the version does not know.</summary>
    public static byte[] Write(CniResult result, CniVersion version)
    {
        ArgumentNullException.ThrowIfNull(result);
        var shaped = new CniResult
        {
            CniVersion = version.ToString(),
            Interfaces = result.Interfaces?.ConvertAll(i => Shape(i, version)),
            Ips = result.Ips?.ConvertAll(ip => Shape(ip, version)),
            Routes = result.Routes?.ConvertAll(r => Shape(r, version)),
            Dns = result.Dns ?? new CniDns(),
        };
        return JsonSerializer.SerializeToUtf8Bytes(shaped, CniJson.Readable.CniResult);
    }

    private static CniInterface Shape(CniInterface from, CniVersion version) => new()
    {
        Name = from.Name,
        Mac = from.Mac,
        Sandbox = from.Sandbox,
        Mtu = version.HasGcAndStatus ? from.Mtu : null,
    };

    private static CniIpConfig Shape(CniIpConfig from, CniVersion version) => new()
    {
        Version = !version.HasAddressVersion ? null : from.Address.Contains(':', StringComparison.Ordinal) ? "6" : "4",
        Address = from.Address,
        Gateway = from.Gateway,
        Interface = from.Interface,
    };

    private static CniRoute Shape(CniRoute from, CniVersion version) => !version.HasGcAndStatus
        ? new CniRoute { Dst = from.Dst, Gw = from.Gw }
        : new CniRoute { Dst = from.Dst, Gw = from.Gw, Mtu = from.Mtu, Priority = from.Priority, Table = from.Table, Scope = from.Scope };
}
