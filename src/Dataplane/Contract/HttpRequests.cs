using System.Collections.Immutable;

namespace Margay.Dataplane.Contract;

/// <summary>
/// The HTTP requests that a rule is about: one of the methods and one of the paths must fit; an empty list fits all. Only on Allow
/// rules. Who sees no requests must treat the rule as one that matches nothing: what else it says would allow all requests.
/// </summary>
/// <param name="Methods">Methods, compared exactly; <c>*</c> fits all.</param>
/// <param name="Paths">Paths, in the form that requests' paths are brought to before they are compared.</param>
public sealed record HttpRequests(ImmutableArray<string> Methods, ImmutableArray<HttpPathMatch> Paths)
{
    /// <summary>By content, lists included.</summary>
    public bool Equals(HttpRequests? other) => other is not null && Content.Same(Methods, other.Methods) && Content.Same(Paths, other.Paths);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Content.Hash(Methods), Content.Hash(Paths));
}

/// <summary>A path, or how paths begin.</summary>
/// <param name="Path">Begins with a slash, and ends with one only when it is nothing else.</param>
/// <param name="IsPrefix">Whether what begins with these segments fits too.</param>
public readonly record struct HttpPathMatch(string Path, bool IsPrefix);
