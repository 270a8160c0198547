using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Margay.Linux.Nftables;

/// <summary><c>struct nfgenmsg</c> of <c>include/uapi/linux/netfilter/nfnetlink.h</c>, 4 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NfGenMessage
{
    internal byte Family;
    internal byte Version;
    private ushort _resource;

    internal NfGenMessage(byte family, ushort resource = 0)
    {
        Family = family;
        _resource = BinaryPrimitives.ReverseEndianness(resource);
    }
}
