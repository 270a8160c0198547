namespace Margay.Policy.Evaluation.Hot;

/// <summary>The sets that one address of the packet at hand is in. Clearing it is counting on.</summary>
internal sealed class SetMarks
{
    private int[] _marks = new int[64];
    private int[] _found = new int[64];
    private int _count;
    private int _now = 1;

    /// <summary>The sets, in no order, each once.</summary>
    public ReadOnlySpan<int> Found => _found.AsSpan(0, _count);

    /// <summary>Whether the address is in the set.</summary>
    public bool Contains(int set) => set < _marks.Length && _marks[set] == _now;

    /// <summary>The address is in the set.</summary>
    public void Add(int set)
    {
        if (set >= _marks.Length) Array.Resize(ref _marks, Math.Max(set + 1, _marks.Length * 2));
        if (_marks[set] == _now) return;
        _marks[set] = _now;
        if (_count == _found.Length) Array.Resize(ref _found, _count * 2);
        _found[_count++] = set;
    }

    /// <summary>Another packet.</summary>
    public void Clear()
    {
        _count = 0;
        if (++_now != 0) return;
        Array.Clear(_marks);
        _now = 1;
    }
}
