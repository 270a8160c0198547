using System.Runtime.CompilerServices;

namespace Margay.Fuzz.Tests;

/// <summary>An input took more steps than its length allows: it may never end.</summary>
internal sealed class TooManyStepsException(long steps) : Exception($"more than {steps} steps");

/// <summary>What one input reached. Steps are branches taken, so that a bound on them does not depend on the machine.</summary>
internal sealed class Coverage
{
    [ThreadStatic]
    private static Coverage? _current;

    private readonly byte[] _edges = new byte[1 << 16];
    private readonly List<int> _touched = [];
    private readonly byte[] _known = new byte[1 << 16];
    private int _before;
    private long _most;

    /// <summary>Branches of the input that ran last.</summary>
    public long Steps { get; private set; }

    /// <summary>Distinct edges of all inputs so far.</summary>
    public int Reached { get; private set; }

    /// <summary>Runs on this thread, counted here.</summary>
    /// <returns>True when the run reached something new.</returns>
    public bool Run(Action target, long most)
    {
        SharpFuzz.Common.Trace.OnBranch = Hit;
        Steps = 0;
        _before = 0;
        _most = most;
        _current = this;
        try
        {
            target();
        }
        finally
        {
            _current = null;
        }
        return Merge();
    }

    private static void Hit(int branch, string name) => _current?.Note(branch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(int branch)
    {
        if (++Steps > _most) throw new TooManyStepsException(_most);
        int edge = (branch ^ _before) & 0xffff;
        _before = branch >> 1;
        if (_edges[edge] == 0) _touched.Add(edge);
        if (_edges[edge] < byte.MaxValue) _edges[edge]++;
    }

    /// <summary>An edge taken a new order of magnitude of times counts as new, as in AFL.</summary>
    private bool Merge()
    {
        bool news = false;
        foreach (int edge in _touched)
        {
            byte bucket = (byte)(1 << int.Log2(_edges[edge]));
            _edges[edge] = 0;
            if ((_known[edge] & bucket) != 0) continue;
            if (_known[edge] == 0) Reached++;
            _known[edge] |= bucket;
            news = true;
        }
        _touched.Clear();
        return news;
    }
}
