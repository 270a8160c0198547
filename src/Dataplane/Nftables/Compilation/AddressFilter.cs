using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>Addresses that are in one of some IP sets or nets. Compared by <see cref="Key"/>.</summary>
internal sealed class AddressFilter : IEquatable<AddressFilter>
{
    public AddressFilter(ImmutableArray<IpSetId> sets, ImmutableArray<IpPrefix> nets)
    {
        Sets = sets.Sort(static (a, b) => string.CompareOrdinal(a.Value, b.Value));
        Nets = nets.Sort();
        Key = $"{string.Join(' ', Sets)};{string.Join(' ', Nets)}";
    }

    /// <summary>The sets, sorted.</summary>
    public ImmutableArray<IpSetId> Sets { get; }

    /// <summary>The nets, sorted.</summary>
    public ImmutableArray<IpPrefix> Nets { get; }

    /// <summary>The content as text.</summary>
    public string Key { get; }

    public static AddressFilter Union(IEnumerable<AddressFilter> filters)
    {
        var all = filters.ToList();
        return new AddressFilter(
            [.. all.SelectMany(static filter => filter.Sets).Distinct()],
            [.. all.SelectMany(static filter => filter.Nets).Distinct()]);
    }

    public bool Equals(AddressFilter? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as AddressFilter);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}
