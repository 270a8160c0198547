using CsCheck;

namespace Margay.Policy.Tests.Reachability;

/// <summary>Generators of one of some values.</summary>
internal static class Pick
{
    public static Gen<T> From<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
