namespace Margay.Policy.Labels;

/// <summary>Told by a <see cref="LabelIndex"/> what began and ceased to match.</summary>
internal interface IMatchListener
{
    /// <summary>The selector matches the item now.</summary>
    void MatchStarted(int selector, int item);

    /// <summary>The selector does not match the item any more.</summary>
    void MatchStopped(int selector, int item);
}
