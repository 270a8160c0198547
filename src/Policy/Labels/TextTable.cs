using System.Runtime.InteropServices;
using System.Text;

namespace Margay.Policy.Labels;

/// <summary>
/// Texts and their numbers: a hash table of numbers beside the texts, which stand end to end as bytes, so that a text that one pod has costs
/// half of a string and the collector has nothing to follow. The hash has a secret part, because whoever may label pods chooses the texts.
/// </summary>
internal sealed class TextTable
{
    private const int Places = 256;

    private static readonly ulong _secret = Secret();

    private readonly ByteArena _bytes = new();
    private readonly Chunks<Entry> _entries = new();
    private readonly SlotTable _slots = new();
    private readonly (string? Text, int Id)[] _recent = new (string?, int)[Places];
    private char[] _scratch = new char[64];
    private int _count;

    /// <summary>Where a text stands. Its length is complemented when it is not ASCII and stands as UTF-16, which holds every string.</summary>
    private struct Entry
    {
        public int Place;
        public int Length;
    }

    /// <summary>The number of a text, from 0; a new text gets the next one.</summary>
    public int Id(string text)
    {
        // Whoever reads many objects gives the names in them the same strings: such a one is known without a look at what it says.
        ref var recent = ref _recent[Place(text)];
        if (ReferenceEquals(recent.Text, text)) return recent.Id;
        int id = FindOrAdd(text);
        recent = (text, id);
        return id;
    }

    /// <summary>The text of a number. Good until the next text is asked for.</summary>
    public ReadOnlySpan<char> Text(int id)
    {
        var entry = _entries[id];
        if (entry.Length < 0) return MemoryMarshal.Cast<byte, char>(_bytes.Get(entry.Place, ~entry.Length * sizeof(char)));
        if (_scratch.Length < entry.Length) _scratch = new char[entry.Length * 2];
        Ascii.ToUtf16(_bytes.Get(entry.Place, entry.Length), _scratch, out int length);
        return _scratch.AsSpan(0, length);
    }

    /// <summary>An odd number that nobody outside knows, another one in every process.</summary>
    internal static ulong Secret() => (ulong)Random.Shared.NextInt64() | 1;

    /// <summary>Eight bytes at a time: xor, multiply, and the upper half over the lower.</summary>
    internal static uint Hash(ReadOnlySpan<char> text) => Hash(MemoryMarshal.AsBytes(text));

    /// <summary>The same of bytes.</summary>
    internal static uint Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = _secret ^ (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[8..];
        }
        ulong rest = 0;
        foreach (byte b in bytes) rest = (rest << 8) | b;
        hash = Mix(hash ^ rest);
        return (uint)(hash ^ (hash >> 32));
    }

    private int FindOrAdd(string text)
    {
        uint hash = Hash(text);
        for (var search = _slots.Find(hash); search.Next();)
            if (IsText(_entries[search.Id], text)) return search.Id;
        int id = _count++;
        _entries.Reach(id) = Store(text);
        _slots.Add(hash, id);
        return id;
    }

    private bool IsText(Entry entry, string text) =>
        entry.Length >= 0
            ? entry.Length == text.Length && Ascii.Equals(_bytes.Get(entry.Place, entry.Length), text)
            : ~entry.Length == text.Length && MemoryMarshal.AsBytes(text.AsSpan()).SequenceEqual(_bytes.Get(entry.Place, text.Length * sizeof(char)));

    private Entry Store(string text)
    {
        if (text.Length == 0) return default;
        if (!Ascii.IsValid(text)) return new Entry { Place = _bytes.Store(MemoryMarshal.AsBytes(text.AsSpan())), Length = ~text.Length };
        int place = _bytes.Reserve(text.Length);
        Ascii.FromUtf16(text, _bytes.Get(place, text.Length), out _);
        return new Entry { Place = place, Length = text.Length };
    }

    /// <summary>The ends of names differ more often than their beginnings.</summary>
    private static int Place(string text) =>
        text.Length < 2 ? text.Length : (text.Length + (text[^1] * 31) + (text[^2] * 17)) & (Places - 1);

    private static ulong Mix(ulong value)
    {
        value *= _secret;
        return value ^ (value >> 29);
    }
}
