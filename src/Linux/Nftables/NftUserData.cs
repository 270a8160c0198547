using System.Security.Cryptography;
using System.Text;

namespace Margay.Linux.Nftables;

/// <summary>
/// User data: bytes that the kernel keeps with an object and never looks at. The nft program stores type, length, value triples
/// there; we write the same, so that people see our comments in <c>nft list ruleset</c>.
/// </summary>
internal static class NftUserData
{
    /// <summary>What nft prints; longer ones are shortened and made unique again by a hash.</summary>
    internal const int MaxComment = 127;

    internal static byte[] Comment(byte type, string comment)
    {
        byte[] text = Encoding.UTF8.GetBytes(Shorten(comment));
        byte[] data = new byte[text.Length + 3];
        data[0] = type;
        data[1] = (byte)(text.Length + 1);
        text.CopyTo(data, 2);
        return data;
    }

    internal static string Shorten(string comment)
    {
        if (Encoding.UTF8.GetByteCount(comment) <= MaxComment) return comment;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(comment)).AsSpan(0, 8));
        var ascii = new StringBuilder(MaxComment);
        foreach (char c in comment.AsSpan(0, MaxComment - hash.Length - 1)) ascii.Append(char.IsAscii(c) ? c : '?');
        return ascii.Append('~').Append(hash).ToString();
    }

    /// <summary>The text of the triple of a type, or null.</summary>
    internal static string? ReadComment(ReadOnlySpan<byte> data, byte type)
    {
        while (data.Length >= 2 && data.Length >= 2 + data[1])
        {
            var value = data.Slice(2, data[1]);
            if (data[0] == type) return Encoding.UTF8.GetString(value.TrimEnd((byte)0));
            data = data[(2 + data[1])..];
        }
        return null;
    }

    /// <summary>A 32-bit triple; the nft program wants to know byte orders to print keys and data.</summary>
    internal static byte[] U32(byte type, uint value) => [type, 4, .. BitConverter.GetBytes(value)];
}
