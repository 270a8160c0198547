namespace Margay.Policy.Labels;

/// <summary>
/// Gives every label name and every label value a number, so that comparing and indexing them is arithmetic. Numbers are
/// never given back: a node sees the same names for its whole life, and a value costs its text once.
/// </summary>
internal sealed class LabelPool
{
    private readonly TextTable _keys = new();
    private readonly TextTable _values = new();
    private readonly List<int> _scratch = new(64);

    /// <summary>The number of a label's name, from 0 and dense.</summary>
    public int Key(string text) => _keys.Id(text);

    /// <summary>The number of a label's value, from 0.</summary>
    public int Value(string text) => _values.Id(text);

    /// <summary>An empty list for whoever translates something now; the next one gets the same.</summary>
    public List<int> Scratch()
    {
        _scratch.Clear();
        return _scratch;
    }

    /// <summary>The text of a value's number. Good until the next value is asked for.</summary>
    public ReadOnlySpan<char> ValueText(int id) => _values.Text(id);
}
