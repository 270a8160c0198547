using System.Runtime.InteropServices;

namespace Margay.Policy.Labels;

/// <summary>
/// Texts and their numbers: a hash table of numbers beside the texts. The hash has a secret part, because whoever may label
/// pods chooses the texts.
/// </summary>
internal sealed class TextTable
{
    private static readonly ulong _secret = (ulong)Random.Shared.NextInt64() | 1;

    private readonly Chunks<string> _texts = new();
    private readonly SlotTable _slots = new();
    private int _count;

    /// <summary>The number of a text, from 0; a new text gets the next one.</summary>
    public int Id(string text)
    {
        uint hash = Hash(text);
        for (var search = _slots.Find(hash); search.Next();)
        {
            string known = _texts[search.Id];
            if (ReferenceEquals(known, text) || known == text) return search.Id;
        }
        int id = _count++;
        _texts.Reach(id) = text;
        _slots.Add(hash, id);
        return id;
    }

    /// <summary>The text of a number.</summary>
    public string Text(int id) => _texts[id];

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

    private static ulong Mix(ulong value)
    {
        value *= _secret;
        return value ^ (value >> 29);
    }
}
