namespace Margay.Foundation.Primitives;

/// <summary>An IP address family. The values are the IP version numbers, as in the first nibble of a packet.</summary>
public enum IpFamily : byte
{
    /// <summary>No family: the default of an unset address.</summary>
    None = 0,

    /// <summary>IPv4.</summary>
    V4 = 4,

    /// <summary>IPv6.</summary>
    V6 = 6,
}
