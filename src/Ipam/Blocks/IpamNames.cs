using System.Security.Cryptography;
using System.Text;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Ipam.Blocks;

/// <summary>
/// The names and labels of IPAM objects. They are part of the data format: another encoding would make objects that
/// upstream wrote unfindable, and the other way round.
/// </summary>
public static class IpamNames
{
    /// <summary>The name of a block: 10.0.0.0/26 is 10-0-0-0-26, fd00::/122 is fd00---122.</summary>
    public static string OfBlock(IpPrefix cidr) =>
        cidr.ToString().Replace('.', '-').Replace(':', '-').Replace('/', '-');

    /// <summary>The name of a handle: its id in lower case.</summary>
    public static string OfHandle(string handleId) => handleId.ToLowerInvariant();

    /// <summary>
    /// The name of a block affinity: node and block. A name of 253 characters or more has the node cut short and a hash
    /// behind, so that two long node names stay apart.
    /// </summary>
    public static string OfAffinity(string node, IpPrefix cidr)
    {
        string block = OfBlock(cidr);
        string name = $"{node}-{block}";
        if (name.Length < 253) return name;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{node}+{block}"));
        return $"{node[..(252 - block.Length - 13)]}-{block}-{Convert.ToHexStringLower(hash)[..11]}";
    }

    /// <summary>The value of <see cref="BlockAffinity.HostnameHashLabel"/>: SHA3-256 in base 32 without padding (RFC 4648), 52 characters.</summary>
    public static string HashOfHost(string node) => BlockAffinityLabels.HashOfHost(node);

    /// <summary>The value of <see cref="BlockAffinity.IPVersionLabel"/>.</summary>
    public static string VersionOf(IpFamily family) => family == IpFamily.V4 ? "4" : "6";
}
