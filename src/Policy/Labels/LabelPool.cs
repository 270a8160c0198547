namespace Margay.Policy.Labels;

/// <summary>
/// Gives every label name and value a number, so that comparing and indexing them is arithmetic. Numbers are never given
/// back: a node sees the same names for its whole life, and a value costs its string once.
/// </summary>
internal sealed class LabelPool
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The number of a text, from 0.</summary>
    public int Id(string text)
    {
        if (_ids.TryGetValue(text, out int id)) return id;
        id = _texts.Count;
        _ids.Add(text, id);
        _texts.Add(text);
        return id;
    }

    /// <summary>The text of a number.</summary>
    public string Text(int id) => _texts[id];
}
