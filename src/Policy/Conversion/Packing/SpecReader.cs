using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Margay.Policy.Conversion.Packing;

/// <summary>Reads what <see cref="SpecWriter"/> has written. What follows the end is absent.</summary>
internal sealed class SpecReader(byte[] bytes)
{
    private readonly List<string> _texts = [];
    private int _next;
    private ulong _absent;

    /// <summary>Whether something is there.</summary>
    public bool Has() => Take() is not null;

    /// <summary>A number.</summary>
    public int? Number() => Take() is { } value ? (int)((uint)value >> 1) ^ -(int)(value & 1) : null;

    /// <summary>Yes, no or nothing.</summary>
    public bool? Flag() => Number() is { } value ? value == 1 : null;

    /// <summary>A real number.</summary>
    public double? Real() => Has() ? BinaryPrimitives.ReadDoubleLittleEndian(Bytes(sizeof(double))) : null;

    /// <summary>A text.</summary>
    public string? Text()
    {
        if (Take() is not { } header) return null;
        int number = (int)(header >> 2);
        return (PackedTextForm)(header & 3) switch
        {
            PackedTextForm.Ascii => New(Encoding.ASCII.GetString(Bytes(number))),
            PackedTextForm.Utf16 => New(new string(MemoryMarshal.Cast<byte, char>(Bytes(number * sizeof(char))))),
            PackedTextForm.Earlier => _texts[number],
            _ => PackedText.Common(number),
        };
    }

    /// <summary>A list of texts.</summary>
    public List<string>? Texts()
    {
        if (Number() is not { } count) return null;
        var list = new List<string>(count);
        for (int i = 0; i < count; i++) list.Add(Text()!);
        return list;
    }

    /// <summary>A list of things, each of which may be absent.</summary>
    public List<T>? List<T>(Func<SpecReader, T> read)
    {
        if (Number() is not { } count) return null;
        var list = new List<T>(count);
        for (int i = 0; i < count; i++) list.Add(Has() ? read(this) : default!);
        return list;
    }

    /// <summary>Something that may be absent.</summary>
    public T? Maybe<T>(Func<SpecReader, T> read) where T : class => Has() ? read(this) : null;

    /// <summary>Texts by name.</summary>
    public Dictionary<string, string>? Map()
    {
        if (Number() is not { } count) return null;
        var map = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++) map.Add(Text()!, Text()!);
        return map;
    }

    private string New(string text)
    {
        if (_texts.Count < PackedText.Remembered) _texts.Add(text);
        return text;
    }

    private ulong? Take()
    {
        if (_absent == 0 && _next < bytes.Length)
        {
            ulong value = Varint();
            if (value > 0) return value - 1;
            _absent = Varint();
        }
        if (_absent > 0) _absent--;
        return null;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = bytes[_next++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }

    private ReadOnlySpan<byte> Bytes(int length)
    {
        _next += length;
        return bytes.AsSpan(_next - length, length);
    }
}
