using System.Diagnostics;
using Margay.Model.Selectors;

namespace Margay.Policy.Labels;

/// <summary>
/// A selector as a program over label numbers, in prefix form in one array: an operation, then its operands. Two selectors
/// with the same program mean the same.
/// </summary>
internal sealed class CompiledSelector : IEquatable<CompiledSelector>
{
    // Everything. Present key. In key n value... (sorted). NotIn likewise. Text key test. Not program.
    // And n length program..., Or likewise: the length of all that follows, so that it can be skipped.
    internal const int Everything = 0, Present = 1, In = 2, NotIn = 3, Text = 4, Not = 5, And = 6, Or = 7;

    private readonly int[] _program;
    private readonly LabelPool _pool;
    private readonly SelectorNode[] _tests;

    private CompiledSelector(int[] program, SelectorNode[] tests, LabelPool pool)
    {
        _program = program;
        _tests = tests;
        _pool = pool;
    }

    /// <summary>The program.</summary>
    internal ReadOnlySpan<int> Program => _program;

    /// <summary>Translates a selector.</summary>
    public static CompiledSelector Compile(Selector selector, LabelPool pool)
    {
        var translation = new Translation(pool);
        translation.Append(selector.Root);
        return new CompiledSelector(translation.Program, translation.Tests, pool);
    }

    /// <summary>Whether labels match.</summary>
    public bool Matches(ReadOnlySpan<Label> labels)
    {
        int at = 0;
        return Matches(ref at, labels);
    }

    private bool Matches(ref int at, ReadOnlySpan<Label> labels)
    {
        var program = _program;
        switch (program[at++])
        {
            case Present:
                return LabelOrder.TryGet(labels, program[at++], out _);
            case In:
                return IsIn(ref at, labels);
            case NotIn:
                return !IsIn(ref at, labels);
            case And:
                return Every(ref at, labels, wanted: true);
            case Or:
                return !Every(ref at, labels, wanted: false);
            case Not:
                return !Matches(ref at, labels);
            case Text:
                bool has = LabelOrder.TryGet(labels, program[at++], out int value);
                var test = _tests[program[at++]];
                return has && Test(test, _pool.ValueText(value));
            default:
                return true;
        }
    }

    private bool IsIn(ref int at, ReadOnlySpan<Label> labels)
    {
        int key = _program[at++];
        int count = _program[at++];
        var values = _program.AsSpan(at, count);
        at += count;
        if (!LabelOrder.TryGet(labels, key, out int value)) return false;
        return count == 1 ? values[0] == value : values.Contains(value);
    }

    /// <summary>Whether every operand gives what is wanted; stops at the first that does not.</summary>
    private bool Every(ref int at, ReadOnlySpan<Label> labels, bool wanted)
    {
        int count = _program[at++];
        int end = at + 1 + _program[at];
        at++;
        for (int i = 0; i < count; i++)
        {
            if (Matches(ref at, labels) == wanted) continue;
            at = end;
            return false;
        }
        return true;
    }

    private static bool Test(SelectorNode test, ReadOnlySpan<char> value) => test switch
    {
        LabelContains n => value.Contains(n.Part, StringComparison.Ordinal),
        LabelStartsWith n => value.StartsWith(n.Start),
        LabelEndsWith n => value.EndsWith(n.End),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public bool Equals(CompiledSelector? other) =>
        other is not null && _pool == other._pool && _program.AsSpan().SequenceEqual(other._program) && _tests.AsSpan().SequenceEqual(other._tests);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CompiledSelector);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash();

    /// <summary>Equal programs have equal ones.</summary>
    internal uint Hash()
    {
        ulong hash = (ulong)_program.Length;
        foreach (int word in _program) hash = System.Numerics.BitOperations.RotateLeft(hash ^ (uint)word, 27) * 0x9e37_79b9_7f4a_7c15;
        return (uint)(hash >> 32);
    }

    /// <summary>Writes the program.</summary>
    private ref struct Translation(LabelPool pool)
    {
        private readonly List<int> _program = pool.Scratch();
        private List<SelectorNode>? _tests;

        public readonly int[] Program => [.. _program];

        public readonly SelectorNode[] Tests => _tests is null ? [] : [.. _tests];

        public void Append(SelectorNode node)
        {
            switch (node)
            {
                case LabelEquals n: Values(In, n.Key, [n.Value]); break;
                case LabelNotEquals n: Values(NotIn, n.Key, [n.Value]); break;
                case LabelIn n: Values(In, n.Key, n.Values.AsSpan()); break;
                case LabelNotIn n: Values(NotIn, n.Key, n.Values.AsSpan()); break;
                case LabelExists n: Add(Present, pool.Key(n.Key)); break;
                case LabelContains n: Test(n.Key, n); break;
                case LabelStartsWith n: Test(n.Key, n); break;
                case LabelEndsWith n: Test(n.Key, n); break;
                case SelectAll or SelectGlobal: _program.Add(Everything); break;
                case SelectorNot n:
                    _program.Add(Not);
                    Append(n.Operand);
                    break;
                case SelectorAnd n: List(And, n.Operands.AsSpan()); break;
                case SelectorOr n: List(Or, n.Operands.AsSpan()); break;
                default: throw new UnreachableException($"No translation for {node.GetType().Name}.");
            }
        }

        private readonly void Add(params ReadOnlySpan<int> words)
        {
            foreach (int word in words) _program.Add(word);
        }

        private readonly void Values(int operation, string key, ReadOnlySpan<string> values)
        {
            Add(operation, pool.Key(key), values.Length);
            int first = _program.Count;
            foreach (string value in values) _program.Add(pool.Value(value));
            if (values.Length > 1) _program.Sort(first, values.Length, null);
        }

        private void Test(string key, SelectorNode test)
        {
            _tests ??= [];
            Add(Text, pool.Key(key), _tests.Count);
            _tests.Add(test);
        }

        private void List(int operation, ReadOnlySpan<SelectorNode> operands)
        {
            Add(operation, operands.Length, 0);
            int first = _program.Count;
            foreach (var operand in operands) Append(operand);
            _program[first - 1] = _program.Count - first;
        }
    }
}
