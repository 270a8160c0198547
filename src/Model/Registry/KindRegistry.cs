using System.Collections.Frozen;
using System.Collections.Immutable;
using Margay.Model.Resources;

namespace Margay.Model.Registry;

/// <summary>All kinds, and how to find one by what people and programs call it.</summary>
public static class KindRegistry
{
    private static readonly ImmutableArray<KindInfo> Kinds = KindTable.Kinds;

    private static readonly FrozenDictionary<(string, string), KindInfo> ByKind =
        Kinds.ToFrozenDictionary(kind => (kind.ApiVersion, kind.Kind));

    private static readonly FrozenDictionary<(string, string), KindInfo> ByPlural =
        Kinds.GroupBy(kind => (kind.Group, kind.Plural)).ToFrozenDictionary(group => group.Key, group => group.First());

    // The served version of a kind comes before its older ones.
    private static readonly FrozenDictionary<Type, KindInfo> ByType =
        Kinds.GroupBy(kind => kind.ClrType).ToFrozenDictionary(group => group.Key, group => group.First());

    private static readonly FrozenDictionary<string, KindInfo> ByName = Names();

    /// <summary>All kinds, in the order in which they are best created: what others refer to comes first.</summary>
    public static ImmutableArray<KindInfo> All => Kinds;

    /// <summary>The kind with this type of objects, in the version that we serve.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static KindInfo<T> Of<T>()
        where T : Resource => (KindInfo<T>)ByType[typeof(T)];

    /// <summary>Finds the kind of an object.</summary>
    /// <param name="apiVersion">Its group and version.</param>
    /// <param name="kind">Its kind.</param>
    /// <returns>The kind, or null when nobody knows it.</returns>
    public static KindInfo? Find(string? apiVersion, string? kind) =>
        ByKind.GetValueOrDefault((apiVersion ?? "", kind ?? ""));

    /// <summary>Finds a kind by its place in paths.</summary>
    /// <param name="group">The group; empty for core.</param>
    /// <param name="plural">The plural.</param>
    /// <returns>The kind in the version that we serve, or null when nobody knows it.</returns>
    public static KindInfo? FindResource(string group, string plural) => ByPlural.GetValueOrDefault((group, plural));

    /// <summary>
    /// Finds a kind by any name that people use, in any case: singular, plural, short names, <c>plural.group</c>. A network
    /// policy without a group is the one of projectcalico.org; Kubernetes' own is <c>netpol</c>.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <returns>The kind, or null when nobody knows it.</returns>
    public static KindInfo? FindByAlias(string name)
    {
        if (ByName.TryGetValue(name, out var kind))
            return kind;
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return null;
        string resource = name[..dot];
        string group = name[(dot + 1)..];
        foreach (var candidate in Kinds)
        {
            if (GroupIs(candidate, group) && NamesOf(candidate).Contains(resource, StringComparer.OrdinalIgnoreCase))
                return candidate;
        }

        return null;
    }

    // kubectl takes both resource.group and resource.version.group.
    private static bool GroupIs(KindInfo kind, string group) =>
        kind.Group.Length > 0 &&
        (group.Equals(kind.Group, StringComparison.OrdinalIgnoreCase) ||
         group.Equals(kind.Version + "." + kind.Group, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> NamesOf(KindInfo kind) =>
        [kind.Plural, kind.Singular, .. kind.ShortNames, .. kind.Aliases];

    private static FrozenDictionary<string, KindInfo> Names()
    {
        var names = new Dictionary<string, KindInfo>(StringComparer.OrdinalIgnoreCase);
        foreach (var kind in Kinds)
        {
            foreach (string name in NamesOf(kind))
                names.TryAdd(name, kind);
        }

        return names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
