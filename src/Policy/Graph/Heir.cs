namespace Margay.Policy.Graph;

/// <summary>
/// Who inherits from a profile, as one number: a lineage of pods, or a network set or host endpoint. Each has numbers of its own, so that
/// tables of pods have no gaps where lineages are.
/// </summary>
internal readonly record struct Heir(int Code)
{
    /// <summary>Whether it is a lineage.</summary>
    public bool IsLineage => (Code & 1) == 0;

    /// <summary>Its number as what it is.</summary>
    public int Number => Code >> 1;

    /// <summary>A lineage.</summary>
    public static Heir OfLineage(int id) => new(id << 1);

    /// <summary>A network set or a host endpoint.</summary>
    public static Heir OfThing(int id) => new((id << 1) | 1);
}
