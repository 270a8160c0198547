using System.Runtime.InteropServices;

namespace Margay.Policy.Labels;

/// <summary>A label that a selector is filed under: a name with one value, or a name with any.</summary>
internal readonly record struct Anchor(int Key, int Value)
{
    /// <summary>Any value.</summary>
    public const int AnyValue = -1;
}

/// <summary>
/// What a selector needs, read off its program. Each entry is a list of alternatives of which a matching thing has at least
/// one. No entry: nothing is known. An entry without alternatives: nothing can match. To be used again for the next selector.
/// </summary>
internal sealed class Needs
{
    private readonly List<Anchor> _anchors = [];
    private readonly List<int> _ends = [];

    /// <summary>The number of entries.</summary>
    public int Count => _ends.Count;

    /// <summary>All alternatives of all entries.</summary>
    public ReadOnlySpan<Anchor> All => CollectionsMarshal.AsSpan(_anchors);

    /// <summary>The alternatives of an entry.</summary>
    public ReadOnlySpan<Anchor> this[int entry] => All[(entry == 0 ? 0 : _ends[entry - 1]).._ends[entry]];

    /// <summary>Reads a selector.</summary>
    public void Read(CompiledSelector selector)
    {
        int at = 0;
        Clear();
        Read(selector.Program, ref at);
    }

    private void Clear()
    {
        _anchors.Clear();
        _ends.Clear();
    }

    private void Read(ReadOnlySpan<int> program, ref int at)
    {
        switch (program[at++])
        {
            case CompiledSelector.Present:
                Add(new Anchor(program[at++], Anchor.AnyValue));
                break;
            case CompiledSelector.Text:
                Add(new Anchor(program[at], Anchor.AnyValue));
                at += 2;
                break;
            case CompiledSelector.In:
                int values = program[at + 1];
                for (int i = 0; i < values; i++) _anchors.Add(new Anchor(program[at], program[at + 2 + i]));
                _ends.Add(_anchors.Count);
                at += 2 + values;
                break;
            case CompiledSelector.NotIn:
                at += 2 + program[at + 1];
                break;
            case CompiledSelector.Not:
                new Needs().Read(program, ref at);
                break;
            case CompiledSelector.And:
                int operands = program[at];
                at += 2;
                for (int i = 0; i < operands; i++) Read(program, ref at);
                break;
            case CompiledSelector.Or:
                ReadAlternatives(program, ref at);
                break;
        }
    }

    private void Add(Anchor only)
    {
        _anchors.Add(only);
        _ends.Add(_anchors.Count);
    }

    /// <summary>One entry: of every operand its most specific one. Nothing when an operand needs nothing.</summary>
    private void ReadAlternatives(ReadOnlySpan<int> program, ref int at)
    {
        int operands = program[at];
        at += 2;
        HashSet<Anchor>? union = [];
        var ofOperand = new Needs();
        for (int i = 0; i < operands; i++)
        {
            ofOperand.Clear();
            ofOperand.Read(program, ref at);
            if (ofOperand.Count == 0) union = null;
            else foreach (var anchor in ofOperand.MostSpecific()) union?.Add(anchor);
        }
        if (union is null) return;
        _anchors.AddRange(union);
        _ends.Add(_anchors.Count);
    }

    /// <summary>Values before bare names, few before many.</summary>
    private ReadOnlySpan<Anchor> MostSpecific()
    {
        int best = 0;
        for (int i = 1; i < Count; i++)
            if (Rank(this[i]).CompareTo(Rank(this[best])) < 0) best = i;
        return this[best];
    }

    private static (bool, int) Rank(ReadOnlySpan<Anchor> entry)
    {
        bool any = false;
        foreach (var anchor in entry) any |= anchor.Value == Anchor.AnyValue;
        return (any, entry.Length);
    }
}
