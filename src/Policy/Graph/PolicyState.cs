using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;

namespace Margay.Policy.Graph;

/// <summary>A policy that is in use on this node.</summary>
internal sealed class PolicyState(PolicyId id)
{
    /// <summary>The policy.</summary>
    public PolicyId Id { get; } = id;

    /// <summary>What it says; null when it is about to go.</summary>
    public PolicyDefinition? Definition { get; set; }

    /// <summary>Its rules.</summary>
    public PolicyBody? Body { get; set; }

    /// <summary>What the data plane was told.</summary>
    public DataplaneUpdate? Sent { get; set; }

    /// <summary>Its place among the policies in use, in the order in which they are looked at.</summary>
    public int Rank { get; set; }

    /// <summary>True when what the API says is newer than the body.</summary>
    public bool IsStale { get; set; }
}
