using System.Globalization;

namespace Margay.Model.Datastore.Crd;

/// <summary>
/// The uid of an object and that of the custom resource that keeps it: two objects with one uid would confuse Kubernetes'
/// garbage collector. One follows from the other by reversing the bits of every byte but the two that say which version of
/// UUID it is (RFC 9562), and back by doing the same again.
/// </summary>
public static class CrdUid
{
    private const int VersionByte = 6;
    private const int VariantByte = 8;

    /// <summary>The other uid. What is no UUID stays as it is.</summary>
    public static string Convert(string uid)
    {
        if (!Guid.TryParseExact(uid, "D", out var parsed))
            return uid;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, bigEndian: true, out _);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i is not (VersionByte or VariantByte))
                bytes[i] = Reverse(bytes[i]);
        }

        return new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture);
    }

    private static byte Reverse(byte value)
    {
        int reversed = 0;
        for (int bit = 0; bit < 8; bit++)
            reversed |= ((value >> bit) & 1) << (7 - bit);
        return (byte)reversed;
    }
}
