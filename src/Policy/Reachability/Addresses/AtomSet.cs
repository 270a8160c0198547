using System.Numerics;

namespace Margay.Policy.Reachability.Addresses;

/// <summary>A set of atoms of one family, as a bitmap.</summary>
public sealed class AtomSet : IEquatable<AtomSet>
{
    private readonly ulong[] _words;

    private AtomSet(ulong[] words) => _words = words;

    /// <summary>A set that <paramref name="members"/> fills.</summary>
    internal AtomSet(int atoms, IEnumerable<int> members)
    {
        _words = new ulong[(atoms + 63) / 64];
        foreach (int member in members) _words[member >> 6] |= 1UL << (member & 63);
    }

    /// <summary>True when there is no atom.</summary>
    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    /// <summary>How many atoms there are.</summary>
    public int Count => _words.Sum(BitOperations.PopCount);

    /// <summary>The smallest atom; the set must not be empty.</summary>
    public int First
    {
        get
        {
            int word = _words.AsSpan().IndexOfAnyExcept(0UL);
            return (word << 6) + BitOperations.TrailingZeroCount(_words[word]);
        }
    }

    /// <summary>Every atom of a table of this size.</summary>
    internal static AtomSet All(int atoms)
    {
        var words = new ulong[(atoms + 63) / 64];
        words.AsSpan().Fill(ulong.MaxValue);
        if ((atoms & 63) != 0) words[^1] = (1UL << (atoms & 63)) - 1;
        return new(words);
    }

    /// <summary>True when the atom is in the set.</summary>
    public bool Contains(int atom) => (_words[atom >> 6] & (1UL << (atom & 63))) != 0;

    /// <summary>The atoms, in order.</summary>
    public IEnumerable<int> Members()
    {
        for (int word = 0; word < _words.Length; word++)
            for (ulong rest = _words[word]; rest != 0; rest &= rest - 1)
                yield return (word << 6) + BitOperations.TrailingZeroCount(rest);
    }

    /// <summary>What is in both.</summary>
    public AtomSet And(AtomSet other) => Combine(other, static (a, b) => a & b);

    /// <summary>What is in either.</summary>
    public AtomSet Or(AtomSet other) => Combine(other, static (a, b) => a | b);

    /// <summary>What is here and not there.</summary>
    public AtomSet Except(AtomSet other) => Combine(other, static (a, b) => a & ~b);

    /// <summary>True when an atom is in both.</summary>
    public bool Meets(AtomSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _words.Length; i++)
            if ((_words[i] & other._words[i]) != 0) return true;
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(AtomSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AtomSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (ulong word in _words) hash.Add(word);
        return hash.ToHashCode();
    }

    private AtomSet Combine(AtomSet other, Func<ulong, ulong, ulong> operation)
    {
        var words = new ulong[_words.Length];
        for (int i = 0; i < words.Length; i++) words[i] = operation(_words[i], other._words[i]);
        return new(words);
    }
}
