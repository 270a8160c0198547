using System.Collections.Immutable;
using Margay.Answers.Sources;
using Margay.Foundation.Primitives;
using Margay.Model.Selectors;

namespace Margay.Answers.Verify;

/// <summary>A statement about all traffic that can be.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Expects">Whether the traffic must pass or must not.</param>
/// <param name="Traffic">The traffic it is about.</param>
/// <param name="Except">Traffic that it does not speak about.</param>
/// <param name="MayBeEmpty">Whether it holds when there is no such pod; otherwise that is a failure, since a misspelt selector would prove anything.</param>
/// <param name="Place">Where it stands.</param>
public sealed record Invariant(string Name, Expectation Expects, Traffic Traffic, ImmutableArray<Traffic> Except, bool MayBeEmpty, SourcePlace Place);

/// <summary>What an invariant demands.</summary>
public enum Expectation
{
    /// <summary>None of the traffic passes.</summary>
    Deny,

    /// <summary>All of the traffic passes.</summary>
    Allow,
}

/// <summary>Traffic from somewhere to somewhere.</summary>
/// <param name="From">Who opens connections.</param>
/// <param name="To">To whom.</param>
/// <param name="Ports">The protocols and ports; empty for everything.</param>
public sealed record Traffic(Side From, Side To, ImmutableArray<PortWord> Ports);

/// <summary>One side of traffic. With nothing given it is every pod and every address.</summary>
/// <param name="Pods">The pods; null when the side names none.</param>
/// <param name="Prefixes">Addresses, those of pods included; empty when the side names none.</param>
/// <param name="Internet">Whether it is every address outside that is not for private use.</param>
/// <param name="Text">What was written, for messages.</param>
public sealed record Side(Selector? Pods, ImmutableArray<IpPrefix> Prefixes, bool Internet, string Text)
{
    /// <summary>True when the side is every pod and every address.</summary>
    public bool IsAnything => Pods is null && Prefixes.IsEmpty && !Internet;
}
