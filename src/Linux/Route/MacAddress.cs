using System.Globalization;

namespace Margay.Linux.Route;

/// <summary>An Ethernet address as a value.</summary>
/// <param name="Value">The 48 bits, first byte on top.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes in an address.</summary>
    public const int Size = 6;

    /// <summary>Reads 6 bytes.</summary>
    public static MacAddress FromBytes(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size);
        ulong value = 0;
        foreach (byte b in bytes) value = (value << 8) | b;
        return new MacAddress(value);
    }

    /// <summary>Parses six pairs of hexadecimal digits with colons.</summary>
    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        if (text is not { Length: 17 }) return false;
        ulong value = 0;
        for (int i = 0; i < Size; i++)
        {
            if (i > 0 && text[i * 3 - 1] != ':') return false;
            if (!byte.TryParse(text.AsSpan(i * 3, 2), NumberStyles.AllowHexSpecifier, null, out byte part)) return false;
            value = (value << 8) | part;
        }
        address = new MacAddress(value);
        return true;
    }

    /// <summary>Parses six pairs of hexadecimal digits with colons.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static MacAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an Ethernet address.");

    /// <summary>Writes 6 bytes.</summary>
    public void WriteBytes(Span<byte> destination)
    {
        for (int i = 0; i < Size; i++) destination[i] = (byte)(Value >> (40 - i * 8));
    }

    /// <summary>True for an address that one interface may have: not zero, not multicast.</summary>
    public bool IsUnicast => Value != 0 && ((Value >> 40) & 1) == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(17, Value, static (text, value) =>
    {
        for (int i = 0; i < Size; i++)
        {
            if (i > 0) text[i * 3 - 1] = ':';
            ((byte)(value >> (40 - i * 8))).TryFormat(text[(i * 3)..], out _, "x2");
        }
    });
}
