using System.Security.Cryptography;
using System.Text;

namespace Margay.Model.Resources;

/// <summary>The values of a claim's labels; part of the data format.</summary>
public static class BlockAffinityLabels
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>
    /// The value of <see cref="BlockAffinity.HostnameHashLabel"/>, since names of nodes can be longer than labels: SHA3-256 in
    /// base 32 without padding (RFC 4648), 52 characters.
    /// </summary>
    /// <param name="node">The node's name.</param>
    public static string HashOfHost(string node)
    {
        var text = new StringBuilder();
        int buffer = 0, bits = 0;
        foreach (byte b in SHA3_256.HashData(Encoding.UTF8.GetBytes(node)))
        {
            buffer = (buffer << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(Alphabet[(buffer >> (bits - 5)) & 31]);
            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
            text.Append(Alphabet[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }
}
