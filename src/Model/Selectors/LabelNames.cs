using System.Runtime.InteropServices;

namespace Margay.Model.Selectors;

/// <summary>
/// Label names that were met lately: selectors use few, again and again, and a selector that is kept should not keep a text of
/// its own for each. From any thread: an entry is one reference.
/// </summary>
internal static class LabelNames
{
    private const int Places = 256;
    private const int MaxLength = 64;

    private static readonly string?[] _known = new string[Places];

    /// <summary>The name as a string.</summary>
    public static string Of(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength) return name.ToString();
        ref string? place = ref _known[Hash(name) % Places];
        return place is { } known && name.SequenceEqual(known) ? known : place = name.ToString();
    }

    private static uint Hash(ReadOnlySpan<char> name)
    {
        uint hash = (uint)name.Length;
        foreach (ulong part in MemoryMarshal.Cast<char, ulong>(name)) hash = (hash ^ (uint)part ^ (uint)(part >> 25)) * 0x9e37_79b1;
        for (int i = name.Length & -4; i < name.Length; i++) hash = (hash ^ name[i]) * 0x0100_0193;
        return hash ^ (hash >> 15);
    }
}
