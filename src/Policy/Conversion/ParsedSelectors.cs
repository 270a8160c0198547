using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>
/// Selectors that were met lately, and the sets that they mean: policies repeat them, and neither ever changes. What falls out is
/// only parsed again. From any thread: an entry is one reference.
/// </summary>
internal static class ParsedSelectors
{
    private const int Places = 512;

    private static readonly Entry?[] _parsed = new Entry[Places];
    private static readonly SelectorSet?[] _sets = new SelectorSet[Places];

    private sealed record Entry(string Text, Selector Selector);

    /// <summary>As <see cref="Selector.TryParse"/>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Selector? selector, out SelectorError error)
    {
        ref var place = ref _parsed[Hash(text) % Places];
        if (place is { } known && (ReferenceEquals(known.Text, text) || known.Text == text))
        {
            (selector, error) = (known.Selector, default);
            return true;
        }
        if (!Selector.TryParse(text, out selector, out error)) return false;
        place = new Entry(text, selector);
        return true;
    }

    /// <summary>The set of what a selector matches; found again for the same object only.</summary>
    public static SelectorSet SetOf(Selector selector)
    {
        ref var place = ref _sets[RuntimeHelpers.GetHashCode(selector) % Places];
        if (place is { } known && ReferenceEquals(known.Selector, selector)) return known;
        return place = new SelectorSet(selector);
    }

    /// <summary>Any will do: who makes texts meet gains nothing but that they are parsed.</summary>
    private static uint Hash(string text)
    {
        uint hash = (uint)text.Length;
        foreach (ulong part in MemoryMarshal.Cast<char, ulong>(text)) hash = (hash ^ (uint)part ^ (uint)(part >> 25)) * 0x9e37_79b1;
        return hash ^ text[^1];
    }
}
