using System.Net;

namespace Margay.Lab.Matrix;

/// <summary>A pod that probes.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Netns">The path of its network namespace: <c>/run/netns/NAME</c>, or <c>/proc/PID/ns/net</c>.</param>
public sealed record ProbeSource(string Namespace, string Name, string Netns)
{
    /// <summary>For people.</summary>
    public string Label => $"{Namespace}/{Name}";
}

/// <summary>Something that is probed: a TCP port at an address.</summary>
/// <param name="Label">For people: service or outside host, and port.</param>
/// <param name="Address">The address.</param>
/// <param name="Port">The port.</param>
/// <param name="Pod">Namespace and name of the pod that has the address; null outside the cluster.</param>
public sealed record ProbeTarget(string Label, IPAddress Address, int Port, (string Namespace, string Name)? Pod);

/// <summary>What a try to connect found.</summary>
public enum ProbeOutcome
{
    /// <summary>The connection was made.</summary>
    Open,

    /// <summary>Nothing answered in time, or something said that there is no way.</summary>
    Closed,

    /// <summary>The connection was refused: something answered, but nobody listens or a rule rejects.</summary>
    Refused,
}

/// <summary>One cell of the matrix.</summary>
/// <param name="Source">Who tried.</param>
/// <param name="Target">What was tried.</param>
/// <param name="Expected">Whether policy allows it, by the evaluator.</param>
/// <param name="Observed">What happened.</param>
/// <param name="Attempts">How often it was tried: more than once only when the first try did not agree with the expectation.</param>
/// <param name="Rule">The rule that decides, for people; empty when none does.</param>
public sealed record MatrixCell(ProbeSource Source, ProbeTarget Target, bool Expected, ProbeOutcome Observed, int Attempts, string Rule)
{
    /// <summary>Expectation and observation agree.</summary>
    public bool Agrees => Expected == (Observed == ProbeOutcome.Open);
}
