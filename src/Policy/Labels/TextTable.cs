using System.Numerics;
using System.Runtime.InteropServices;

namespace Margay.Policy.Labels;

/// <summary>
/// Texts and their numbers: a hash table of numbers beside the texts, half the size of a dictionary. The hash has a secret
/// part, because whoever may label pods chooses the texts.
/// </summary>
internal sealed class TextTable
{
    private static readonly ulong _secret = (ulong)Random.Shared.NextInt64() | 1;

    private string[] _texts = new string[16];
    private uint[] _hashes = new uint[16];
    private int[] _slots = new int[32];
    private int _count;

    /// <summary>The number of a text, from 0; a new text gets the next one.</summary>
    public int Id(string text)
    {
        uint hash = Hash(text);
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (int id; (id = _slots[slot] - 1) >= 0; slot = (slot + 1) & mask)
        {
            if (_hashes[id] != hash) continue;
            string known = _texts[id];
            if (ReferenceEquals(known, text) || known == text) return id;
        }
        return Add(text, hash, slot);
    }

    /// <summary>The text of a number.</summary>
    public string Text(int id) => _texts[id];

    private int Add(string text, uint hash, int slot)
    {
        int id = _count++;
        if (id == _texts.Length)
        {
            Array.Resize(ref _texts, id + (id >> 1));
            Array.Resize(ref _hashes, id + (id >> 1));
        }
        _texts[id] = text;
        _hashes[id] = hash;
        _slots[slot] = id + 1;
        if (_count > _slots.Length / 4 * 3) Grow();
        return id;
    }

    private void Grow()
    {
        var slots = new int[_slots.Length * 2];
        int mask = slots.Length - 1;
        for (int id = 0; id < _count; id++)
        {
            int slot = (int)_hashes[id] & mask;
            while (slots[slot] != 0) slot = (slot + 1) & mask;
            slots[slot] = id + 1;
        }
        _slots = slots;
    }

    /// <summary>Eight bytes at a time: xor, multiply to twice the width, fold the halves.</summary>
    internal static uint Hash(ReadOnlySpan<char> text) => Hash(MemoryMarshal.AsBytes(text));

    /// <summary>The same of bytes.</summary>
    internal static uint Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = _secret ^ (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[8..];
        }
        ulong rest = 0;
        foreach (byte b in bytes) rest = (rest << 8) | b;
        hash = Fold(hash ^ rest);
        return (uint)(hash ^ (hash >> 32));
    }

    private static ulong Fold(ulong value)
    {
        ulong high = Math.BigMul(value, _secret * 0x9e37_79b9_7f4a_7c15 | 1, out ulong low);
        return high ^ low ^ BitOperations.RotateLeft(value, 23);
    }
}
