namespace Margay.Linux.Nftables;

/// <summary>
/// Registers. A packet's evaluation has 64 bytes of them, addressed here as sixteen of 4 bytes (<c>NFT_REG32_00</c> = 8 to 23).
/// The kernel shows every fourth by its old name (1 to 4, 16 bytes each); <see cref="Normalize"/> undoes that.
/// </summary>
internal static class NftRegister
{
    internal const uint Verdict = 0;
    internal const uint First = 8;

    internal static uint Normalize(uint register) => register is >= 1 and <= 4 ? First + (register - 1) * 4 : register;
}
