namespace Margay.ApiServer.Selection;

/// <summary>A Kubernetes label selector: requirements that all must hold.</summary>
internal sealed class LabelSelector
{
    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => _requirements.Count == 0;

    /// <summary>Reads forms such as <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,n&gt;3</c>.</summary>
    /// <exception cref="FormatException">It is not a selector; the message says where.</exception>
    public static LabelSelector Parse(string text)
    {
        var scanner = new SelectorScanner(text);
        var requirements = new List<Requirement>();
        if (scanner.AtEnd) return Everything;
        do
        {
            requirements.Add(One(scanner));
        }
        while (scanner.Take(","));
        if (!scanner.AtEnd) throw scanner.Unexpected("',' or the end");
        return new LabelSelector(requirements);
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (Requirement requirement in _requirements)
            if (!requirement.Holds(labels)) return false;
        return true;
    }

    /// <summary>The values of which a label must have one; null when nothing restricts it to some.</summary>
    public IReadOnlyCollection<string>? Values(string key) =>
        _requirements.FirstOrDefault(r => r.Key == key && r.Operator == Operator.In)?.Values;

    private static Requirement One(SelectorScanner scanner)
    {
        if (scanner.Take("!")) return new(scanner.Word("a label name"), Operator.Absent, []);
        string key = scanner.Word("a label name");
        if (scanner.Take("!=")) return new(key, Operator.NotIn, [scanner.OptionalWord()]);
        if (scanner.Take("==") || scanner.Take("=")) return new(key, Operator.In, [scanner.OptionalWord()]);
        if (scanner.Take(">")) return new(key, Operator.Above, [scanner.Number()]);
        if (scanner.Take("<")) return new(key, Operator.Below, [scanner.Number()]);
        if (scanner.TakeWord("in")) return new(key, Operator.In, scanner.Set());
        if (scanner.TakeWord("notin")) return new(key, Operator.NotIn, scanner.Set());
        return new(key, Operator.Present, []);
    }

    private enum Operator { In, NotIn, Present, Absent, Above, Below }

    private sealed record Requirement(string Key, Operator Operator, IReadOnlyList<string> Values)
    {
        public bool Holds(IReadOnlyDictionary<string, string> labels)
        {
            bool present = labels.TryGetValue(Key, out string? value);
            return Operator switch
            {
                Operator.In => present && Values.Contains(value!, StringComparer.Ordinal),
                Operator.NotIn => !present || !Values.Contains(value!, StringComparer.Ordinal),
                Operator.Present => present,
                Operator.Absent => !present,
                Operator.Above => present && long.TryParse(value, out long above) && above > long.Parse(Values[0]),
                _ => present && long.TryParse(value, out long below) && below < long.Parse(Values[0]),
            };
        }
    }
}
