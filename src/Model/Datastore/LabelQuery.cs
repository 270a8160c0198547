using System.Diagnostics.CodeAnalysis;

namespace Margay.Model.Datastore;

/// <summary>
/// A Kubernetes label selector as text: <c>a=b</c>, <c>a!=b</c>, <c>a in (b,c)</c>, <c>a notin (b,c)</c>, <c>a</c>,
/// <c>!a</c>, with commas between; all must hold.
/// </summary>
public sealed class LabelQuery
{
    private readonly List<Requirement> _requirements = [];

    /// <summary>Parses a selector.</summary>
    /// <param name="text">The text; null or empty selects everything.</param>
    /// <param name="query">The selector, when the text is one.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LabelQuery? query)
    {
        var parsed = new LabelQuery();
        query = null;
        foreach (string part in Split(text ?? ""))
        {
            if (!TryRequirement(part.Trim(), out var requirement))
                return false;
            parsed._requirements.Add(requirement);
        }

        query = parsed;
        return true;
    }

    /// <summary>Whether labels match.</summary>
    /// <param name="labels">The labels; null for none.</param>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var requirement in _requirements)
        {
            string? value = labels?.GetValueOrDefault(requirement.Key);
            bool holds = requirement.Values is null ? value is not null : value is not null && requirement.Values.Contains(value);
            if (holds == requirement.Negated)
                return false;
        }

        return true;
    }

    private static bool TryRequirement(string text, out Requirement requirement)
    {
        requirement = default;
        if (text.EndsWith(')'))
        {
            int open = text.IndexOf('(', StringComparison.Ordinal);
            string[] words = open < 0 ? [] : text[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is not [var name, "in" or "notin"])
                return false;
            var values = text[(open + 1)..^1].Split(',').Select(value => value.Trim()).ToHashSet(StringComparer.Ordinal);
            requirement = new Requirement(name, values, words[1] == "notin");
            return IsKey(name);
        }

        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            bool negated = text.StartsWith('!');
            requirement = new Requirement(negated ? text[1..].Trim() : text, null, negated);
            return IsKey(requirement.Key);
        }

        bool not = equals > 0 && text[equals - 1] == '!';
        int value0 = equals + (equals + 1 < text.Length && text[equals + 1] == '=' ? 2 : 1);
        string key = text[..(not ? equals - 1 : equals)].Trim();
        requirement = new Requirement(key, [text[value0..].Trim()], not);
        return IsKey(key);
    }

    private static bool IsKey(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');

    // Commas inside parentheses part values, not requirements.
    private static IEnumerable<string> Split(string text)
    {
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (i > start || text.Length > 0)
                    yield return text[start..i];
                start = i + 1;
            }
            else
            {
                depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }
    }

    // Null values ask whether the label is there. "a!=b" and "a notin (b)" also match where it is not.
    private readonly record struct Requirement(string Key, HashSet<string>? Values, bool Negated);
}
