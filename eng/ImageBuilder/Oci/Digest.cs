using System.Security.Cryptography;

namespace Margay.ImageBuilder.Oci;

/// <summary>The SHA-256 of a blob, which is its name.</summary>
internal readonly record struct Digest
{
    /// <summary>From the 32 bytes.</summary>
    public Digest(ReadOnlySpan<byte> hash) => Hex = Convert.ToHexStringLower(hash);

    /// <summary>64 hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Of some bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes) => new(SHA256.HashData(bytes));

    /// <inheritdoc/>
    public override string ToString() => $"sha256:{Hex}";
}
