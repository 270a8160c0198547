using System.Collections.Frozen;

namespace Margay.ApiServer.Schema;

/// <summary>What the documentation comments say about the classes the schemas are read from; the build collects them into a resource.</summary>
internal static class Summaries
{
    private static readonly Lazy<FrozenDictionary<string, string>> Known = new(Load);

    /// <summary>The summary of a type, or nothing.</summary>
    public static string Of(Type type) => Known.Value.GetValueOrDefault($"T:{Id(type)}") ?? "";

    /// <summary>The summary of a property, or nothing.</summary>
    public static string Of(Type type, string property)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            if (Known.Value.TryGetValue($"P:{Id(declaring)}.{property}", out var summary))
                return summary;
        }

        return "";
    }

    private static string Id(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return (definition.FullName ?? definition.Name).Replace('+', '.');
    }

    private static FrozenDictionary<string, string> Load()
    {
        using var stream = typeof(Summaries).Assembly.GetManifestResourceStream("Summaries.txt")
            ?? throw new InvalidOperationException("The build did not embed Summaries.txt.");
        using var reader = new StreamReader(stream);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            known[line[..tab]] = line[(tab + 1)..];
        }

        return known.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
