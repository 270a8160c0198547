using System.Numerics;

namespace Margay.Policy.Reachability;

/// <summary>A set of small numbers: of atoms of one family, of pods. Both sides of an operation must have been made for equally many.</summary>
public sealed class Bitmap : IEquatable<Bitmap>
{
    private readonly ulong[] _words;

    private Bitmap(ulong[] words) => _words = words;

    /// <summary>A set of some numbers.</summary>
    /// <param name="size">Every number is smaller than this.</param>
    /// <param name="members">The numbers.</param>
    public Bitmap(int size, IEnumerable<int> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        _words = new ulong[(size + 63) / 64];
        foreach (int member in members) _words[member >> 6] |= 1UL << (member & 63);
    }

    /// <summary>True when it is empty.</summary>
    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    /// <summary>How many numbers there are.</summary>
    public int Count => _words.Sum(BitOperations.PopCount);

    /// <summary>The smallest number; the set must not be empty.</summary>
    public int First
    {
        get
        {
            int word = _words.AsSpan().IndexOfAnyExcept(0UL);
            return (word << 6) + BitOperations.TrailingZeroCount(_words[word]);
        }
    }

    /// <summary>Every number smaller than a size.</summary>
    public static Bitmap All(int size)
    {
        var words = new ulong[(size + 63) / 64];
        words.AsSpan().Fill(ulong.MaxValue);
        if ((size & 63) != 0) words[^1] = (1UL << (size & 63)) - 1;
        return new(words);
    }

    /// <summary>True when the number is in the set.</summary>
    public bool Contains(int number) => (_words[number >> 6] & (1UL << (number & 63))) != 0;

    /// <summary>The numbers, in order.</summary>
    public IEnumerable<int> Members()
    {
        for (int word = 0; word < _words.Length; word++)
            for (ulong rest = _words[word]; rest != 0; rest &= rest - 1)
                yield return (word << 6) + BitOperations.TrailingZeroCount(rest);
    }

    /// <summary>The numbers, in order, for <c>foreach</c>: nothing is allocated.</summary>
    public Enumerator GetEnumerator() => new(_words);

    /// <summary>Goes through the numbers.</summary>
    public struct Enumerator
    {
        private readonly ulong[] _words;
        private int _word;
        private ulong _rest;

        internal Enumerator(ulong[] words)
        {
            _words = words;
            _word = -1;
        }

        /// <summary>The number.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next number; false when there is none.</summary>
        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_word >= _words.Length) return false;
                _rest = _words[_word];
            }
            Current = (_word << 6) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }

    /// <summary>What is in both.</summary>
    public Bitmap And(Bitmap other) => Combine(other, static (a, b) => a & b);

    /// <summary>What is in either.</summary>
    public Bitmap Or(Bitmap other) => Combine(other, static (a, b) => a | b);

    /// <summary>What is here and not there.</summary>
    public Bitmap Except(Bitmap other) => Combine(other, static (a, b) => a & ~b);

    /// <summary>True when a number is in both.</summary>
    public bool Meets(Bitmap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _words.Length; i++)
            if ((_words[i] & other._words[i]) != 0) return true;
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(Bitmap? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Bitmap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (ulong word in _words) hash.Add(word);
        return hash.ToHashCode();
    }

    private Bitmap Combine(Bitmap other, Func<ulong, ulong, ulong> operation)
    {
        ArgumentNullException.ThrowIfNull(other);
        var words = new ulong[_words.Length];
        for (int i = 0; i < words.Length; i++) words[i] = operation(_words[i], other._words[i]);
        return new(words);
    }
}
