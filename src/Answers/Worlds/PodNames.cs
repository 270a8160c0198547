using Margay.Dataplane.Contract;
using Margay.Policy.Reachability;

namespace Margay.Answers.Worlds;

/// <summary>
/// Says which pods a set is, in the words of people who write policy: a label or two that exactly these pods have, else
/// groups of pods with equal labels.
/// </summary>
public sealed class PodNames
{
    private const string NamespaceLabel = "projectcalico.org/namespace";

    /// <summary>Labels that say which copy a pod is, not what it is.</summary>
    private static readonly HashSet<string> CopyLabels = new(StringComparer.Ordinal)
    {
        "pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/job-completion-index", "batch.kubernetes.io/controller-uid", "controller-uid", "pod-template-generation",
        "projectcalico.org/orchestrator", "projectcalico.org/serviceaccount", "pcns.projectcalico.org/name", "pcns.kubernetes.io/metadata.name",
        "pcsa.projectcalico.org/name",
    };

    private readonly EndpointDirectory[] _directories;
    private readonly Dictionary<EndpointId, int> _numbers = [];
    private readonly List<EndpointId> _pods = [];
    private readonly Dictionary<(string Key, string Value), Bitmap> _labels = [];
    private readonly Dictionary<Bitmap, string> _known = [];

    /// <summary>Names the pods of one or several worlds; the last one's labels count.</summary>
    public PodNames(params EndpointDirectory[] worlds)
    {
        ArgumentNullException.ThrowIfNull(worlds);
        _directories = worlds;
        var members = new Dictionary<(string, string), List<int>>();
        foreach (var id in worlds.SelectMany(w => w.Pods.Keys).Distinct().OrderBy(p => p.ToString(), StringComparer.Ordinal))
        {
            int number = _pods.Count;
            _pods.Add(id);
            _numbers.Add(id, number);
            foreach (var (key, value) in LabelsOf(id))
            {
                if (CopyLabels.Contains(key)) continue;
                if (!members.TryGetValue((key, value), out var list)) members.Add((key, value), list = []);
                list.Add(number);
            }
        }
        foreach (var (label, list) in members) _labels.Add(label, new Bitmap(_pods.Count, list));
    }

    /// <summary>Names a set of pods.</summary>
    public string Describe(IEnumerable<EndpointId> pods)
    {
        ArgumentNullException.ThrowIfNull(pods);
        return Describe(SetOf(pods));
    }

    /// <summary>A set of pods, to be joined with others and described.</summary>
    internal Bitmap SetOf(IEnumerable<EndpointId> pods) => new(_pods.Count, pods.Select(p => _numbers[p]));

    /// <summary>Names a set of pods.</summary>
    internal string Describe(Bitmap set)
    {
        if (!_known.TryGetValue(set, out string? text)) _known.Add(set, text = Find(set));
        return text;
    }

    private string Find(Bitmap set)
    {
        int count = set.Count;
        if (count == 0) return "no pod";
        if (count == _pods.Count) return "every pod";
        // Pods that are all alike are called by their own labels, different ones by what they have in common.
        bool alike = set.Members().Select(n => GroupOf(_pods[n])).Distinct().Take(2).Count() == 1;
        var common = LabelsOf(_pods[set.First]).Select(l => (l.Key, l.Value))
            .Where(l => _labels.TryGetValue(l, out var holders) && set.Except(holders).IsEmpty).OrderBy(l => alike && l.Key == NamespaceLabel ? 2 : Rank(l.Key)).ThenBy(l => l.Key, StringComparer.Ordinal).ToArray();
        foreach (var label in common)
            if (_labels[label].Count == count) return Word(label);
        for (int i = 0; i < common.Length; i++)
            for (int j = i + 1; j < common.Length; j++)
                if (_labels[common[i]].And(_labels[common[j]]).Count == count) return string.Join(",", new[] { common[i], common[j] }.OrderBy(l => Rank(l.Key)).Select(Word));
        return Groups(set);
    }

    private string Groups(Bitmap set)
    {
        var groups = set.Members().GroupBy(n => GroupOf(_pods[n])).Select(g => g.Key).Order(StringComparer.Ordinal).ToArray();
        const int shown = 4;
        string text = string.Join(" | ", groups.Take(shown));
        return groups.Length <= shown ? text : $"{text} | and {groups.Length - shown} more groups ({set.Count} pods)";
    }

    private string GroupOf(EndpointId pod)
    {
        var own = LabelsOf(pod).Where(l => Rank(l.Key) < 3 && !CopyLabels.Contains(l.Key)).OrderBy(l => Rank(l.Key)).ThenBy(l => l.Key, StringComparer.Ordinal).Select(l => Word((l.Key, l.Value)));
        return string.Join(",", own);
    }

    private IReadOnlyDictionary<string, string> LabelsOf(EndpointId id)
    {
        for (int i = _directories.Length - 1; i >= 0; i--)
            if (_directories[i].Pods.ContainsKey(id)) return _directories[i].LabelsOf(id);
        return new Dictionary<string, string>();
    }

    private static string Word((string Key, string Value) label) =>
        label.Key == NamespaceLabel ? $"namespace={label.Value}"
        : label.Key.StartsWith("pcns.", StringComparison.Ordinal) ? $"namespace({label.Key[5..]}={label.Value})"
        : label.Key.StartsWith("pcsa.", StringComparison.Ordinal) ? $"serviceaccount({label.Key[5..]}={label.Value})"
        : $"{label.Key}={label.Value}";

    /// <summary>The namespace first, then the pod's own labels, then inherited ones.</summary>
    private static int Rank(string key) =>
        key == NamespaceLabel ? 0
        : key.StartsWith("pcns.", StringComparison.Ordinal) ? 3
        : key.StartsWith("pcsa.", StringComparison.Ordinal) ? 4
        : 1;
}
