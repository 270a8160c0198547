using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Margay.Policy.Conversion.Packing;

/// <summary>
/// Writes the fields of an object one after another, for <see cref="SpecReader"/> to read in the same order. What is absent is counted, and the
/// count written before what comes next: most fields of a policy are. A text that has been written before is its number. To be used again.
/// </summary>
internal sealed class SpecWriter
{
    private readonly string[] _texts = new string[PackedText.Remembered];
    private byte[] _bytes = new byte[1024];
    private int _count;
    private int _absent;
    private int _textCount;

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>Begins again.</summary>
    public void Clear()
    {
        _texts.AsSpan(0, _textCount).Clear();
        (_count, _absent, _textCount) = (0, 0, 0);
    }

    /// <summary>Writes whether something is there, and says so.</summary>
    public bool Has(bool present)
    {
        if (present) Present(0);
        else _absent++;
        return present;
    }

    /// <summary>A number.</summary>
    public void Number(int? number)
    {
        if (number is { } value) Present((uint)((value << 1) ^ (value >> 31)));
        else _absent++;
    }

    /// <summary>Yes, no or nothing.</summary>
    public void Flag(bool? flag) => Number(flag is { } value ? value ? 1 : 0 : null);

    /// <summary>A real number.</summary>
    public void Real(double? number)
    {
        if (!Has(number is not null)) return;
        BinaryPrimitives.WriteDoubleLittleEndian(Room(sizeof(double)), number!.Value);
    }

    /// <summary>A text.</summary>
    public void Text(string? text)
    {
        if (text is null) _absent++;
        else if (PackedText.CommonPlace(text) is >= 0 and var word) Header(PackedTextForm.Common, word);
        else if (Seen(text) is >= 0 and var earlier) Header(PackedTextForm.Earlier, earlier);
        else New(text);
    }

    /// <summary>A list of texts.</summary>
    public void Texts(List<string>? list)
    {
        Number(list?.Count);
        if (list is null) return;
        foreach (string text in list) Text(text);
    }

    /// <summary>A list of things, each of which may be absent.</summary>
    public void List<T>(List<T>? list, Action<SpecWriter, T> write)
    {
        Number(list?.Count);
        if (list is null) return;
        foreach (var item in list)
            if (Has(item is not null)) write(this, item);
    }

    /// <summary>Texts by name.</summary>
    public void Map(Dictionary<string, string>? map)
    {
        Number(map?.Count);
        if (map is null) return;
        foreach (var (key, value) in map)
        {
            Text(key);
            Text(value);
        }
    }

    private void New(string text)
    {
        if (_textCount < _texts.Length) _texts[_textCount++] = text;
        if (Ascii.IsValid(text))
        {
            Header(PackedTextForm.Ascii, text.Length);
            Ascii.FromUtf16(text, Room(text.Length), out _);
            return;
        }
        Header(PackedTextForm.Utf16, text.Length);
        MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(Room(text.Length * sizeof(char)));
    }

    private int Seen(string text)
    {
        for (int i = 0; i < _textCount; i++)
            if (_texts[i] == text) return i;
        return -1;
    }

    private void Header(PackedTextForm form, int number) => Present(((ulong)(uint)number << 2) | (uint)form);

    /// <summary>0 begins a count of what is absent, so that what is there is moved by one.</summary>
    private void Present(ulong value)
    {
        if (_absent > 0)
        {
            Varint(0);
            Varint((uint)_absent);
            _absent = 0;
        }
        Varint(value + 1);
    }

    private void Varint(ulong value)
    {
        var room = Room(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7) room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        _count -= room.Length - length;
    }

    private Span<byte> Room(int length)
    {
        if (_count + length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_count + length, _bytes.Length * 2));
        _count += length;
        return _bytes.AsSpan(_count - length, length);
    }
}
