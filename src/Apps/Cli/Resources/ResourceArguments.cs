using Margay.Model.Registry;

namespace Margay.Cli.Resources;

/// <summary>What a user named on the command line: <c>kind</c>, <c>kind name...</c>, <c>kind/name...</c> or <c>kind,kind</c>.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The object, or null for all of the kind.</param>
internal readonly record struct ResourceArgument(KindInfo Kind, string? Name);

/// <summary>Reads them as kubectl does.</summary>
internal static class ResourceArguments
{
    /// <summary>Parses the words after the verb.</summary>
    /// <exception cref="CliException">A kind is unknown, or the forms are mixed.</exception>
    public static IReadOnlyList<ResourceArgument> Parse(IReadOnlyList<string> words)
    {
        if (words.Count == 0) throw new CliException("Name a kind of resource, for example: pods, networkpolicies.v3, gnp/name.");
        if (words.Any(word => word.Contains('/', StringComparison.Ordinal)))
        {
            return [.. words.Select(word => word.Split('/', 2) is [var kind, { Length: > 0 } name]
                ? new ResourceArgument(Find(kind), name)
                : throw new CliException($"'{word}': write every argument as kind/name, or the kind once and names after it."))];
        }
        var kinds = words[0].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Find).ToArray();
        if (words.Count == 1) return [.. kinds.Select(kind => new ResourceArgument(kind, null))];
        return [.. kinds.SelectMany(kind => words.Skip(1).Select(name => new ResourceArgument(kind, name)))];
    }

    /// <summary>Finds a kind by any name that users give it.</summary>
    public static KindInfo Find(string alias) =>
        KindRegistry.FindByAlias(alias)
        ?? throw new CliException($"The server has no resource type '{alias}'. Known: {string.Join(", ", KindRegistry.All.Select(kind => kind.Plural).Distinct().Order())}.");
}
