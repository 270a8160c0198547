namespace Margay.Policy.Reachability.Packets;

/// <summary>How two sets are combined.</summary>
internal enum SetOperation
{
    /// <summary>What is in both.</summary>
    And,

    /// <summary>What is in either.</summary>
    Or,

    /// <summary>What is in the first and not in the second.</summary>
    Except,
}

/// <summary>What the operations mean for one element.</summary>
internal static class SetOperations
{
    internal static bool Keeps(this SetOperation operation, bool left, bool right) => operation switch
    {
        SetOperation.And => left && right,
        SetOperation.Or => left || right,
        _ => left && !right,
    };
}
