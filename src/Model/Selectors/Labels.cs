using System.Diagnostics.CodeAnalysis;

namespace Margay.Model.Selectors;

/// <summary>Labels as a selector asks for them. Implement it as a struct: evaluation then allocates nothing.</summary>
public interface ILabels
{
    /// <summary>The value of a label, when it is present.</summary>
    bool TryGet(string key, [NotNullWhen(true)] out string? value);
}

/// <summary>Labels in a dictionary; null is no labels.</summary>
public readonly struct DictionaryLabels(IReadOnlyDictionary<string, string>? labels) : ILabels
{
    // Nearly always it is one, and asking it directly is a third cheaper.
    private readonly Dictionary<string, string>? _dictionary = labels as Dictionary<string, string>;

    /// <inheritdoc/>
    public bool TryGet(string key, [NotNullWhen(true)] out string? value)
    {
        if (_dictionary is not null) return _dictionary.TryGetValue(key, out value);
        value = null;
        return labels is not null && labels.TryGetValue(key, out value);
    }
}
