namespace Margay.Policy.Labels;

/// <summary>A label that a selector is filed under: a name with one value, or a name with any.</summary>
internal readonly record struct Anchor(int Key, int Value)
{
    /// <summary>Any value.</summary>
    public const int AnyValue = -1;
}

/// <summary>What a selector needs: read off its program.</summary>
internal static class Anchors
{
    /// <summary>
    /// What must be there for a match: each entry is a list of alternatives of which a matching thing has at least one.
    /// No entry: nothing is known. An entry without alternatives: nothing can match.
    /// </summary>
    public static List<Anchor[]> Of(CompiledSelector selector)
    {
        int at = 0;
        var entries = new List<Anchor[]>(2);
        Read(selector.Program, ref at, entries);
        return entries;
    }

    private static void Read(ReadOnlySpan<int> program, ref int at, List<Anchor[]> entries)
    {
        switch (program[at++])
        {
            case CompiledSelector.Present:
                entries.Add([new Anchor(program[at++], Anchor.AnyValue)]);
                break;
            case CompiledSelector.Text:
                entries.Add([new Anchor(program[at], Anchor.AnyValue)]);
                at += 2;
                break;
            case CompiledSelector.In:
                var alternatives = new Anchor[program[at + 1]];
                for (int i = 0; i < alternatives.Length; i++) alternatives[i] = new Anchor(program[at], program[at + 2 + i]);
                entries.Add(alternatives);
                at += 2 + alternatives.Length;
                break;
            case CompiledSelector.NotIn:
                at += 2 + program[at + 1];
                break;
            case CompiledSelector.Not:
                Read(program, ref at, []);
                break;
            case CompiledSelector.And:
                int operands = program[at];
                at += 2;
                for (int i = 0; i < operands; i++) Read(program, ref at, entries);
                break;
            case CompiledSelector.Or:
                ReadAlternatives(program, ref at, entries);
                break;
        }
    }

    /// <summary>One entry: of every operand its most specific one. Nothing when an operand needs nothing.</summary>
    private static void ReadAlternatives(ReadOnlySpan<int> program, ref int at, List<Anchor[]> entries)
    {
        int operands = program[at];
        at += 2;
        HashSet<Anchor>? union = [];
        for (int i = 0; i < operands; i++)
        {
            var ofOperand = new List<Anchor[]>();
            Read(program, ref at, ofOperand);
            // Values before bare names, few before many.
            var best = ofOperand.OrderBy(e => e.Any(a => a.Value == Anchor.AnyValue)).ThenBy(e => e.Length).FirstOrDefault();
            if (best is null) union = null;
            else union?.UnionWith(best);
        }
        if (union is not null) entries.Add([.. union]);
    }
}
