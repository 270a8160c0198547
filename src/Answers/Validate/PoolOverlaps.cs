using Margay.Answers.Sources;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Model.Validation;

namespace Margay.Answers.Validate;

/// <summary>Finds pools that share addresses: who gave one out would not be known.</summary>
internal sealed class PoolOverlaps
{
    private readonly List<(string Name, IpPrefix Cidr, SourcePlace Place)> _pools = [];

    /// <summary>Adds a pool; the mistake when it overlaps one that is there.</summary>
    public ValidationError? Add(IPPool pool, SourcePlace place)
    {
        if (!IpPrefix.TryParse(pool.Spec.Cidr, out var cidr))
            return null;
        var other = _pools.Find(p => p.Cidr.Contains(cidr) || cidr.Contains(p.Cidr));
        _pools.Add((pool.Metadata.Name ?? "", cidr, place));
        return other.Place is null
            ? null
            : new(CauseReason.Invalid, "spec.cidr", pool.Spec.Cidr, $"overlaps with {other.Cidr} of IPPool {other.Name} at {other.Place}") { Advice = "choose another range" };
    }
}
