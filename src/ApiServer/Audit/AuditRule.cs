using System.Collections.Immutable;
using Margay.ApiServer.Authorization;

namespace Margay.ApiServer.Audit;

/// <summary>A rule of an audit policy: which requests, and how much of them.</summary>
internal sealed record AuditRule(AuditLevel Level)
{
    public ImmutableArray<string> Users { get; init; } = [];

    public ImmutableArray<string> Groups { get; init; } = [];

    public ImmutableArray<string> Verbs { get; init; } = [];

    public ImmutableArray<string> Namespaces { get; init; } = [];

    public ImmutableArray<AuditResources> Resources { get; init; } = [];

    public ImmutableArray<string> Paths { get; init; } = [];

    public ImmutableArray<string> OmitStages { get; init; } = [];

    public bool OmitManagedFields { get; init; }

    /// <summary>Whether the rule is about a request.</summary>
    public bool Matches(AccessRequest request) =>
        (Users.IsEmpty || Users.Contains(request.User.Name))
        && (Groups.IsEmpty || request.User.Groups.Any(group => Groups.Contains(group)))
        && (Verbs.IsEmpty || Verbs.Contains(request.Verb))
        && MatchesTarget(request);

    private bool MatchesTarget(AccessRequest request)
    {
        bool aboutObjects = request.Resource.Length > 0;
        if (!Namespaces.IsEmpty || !Resources.IsEmpty)
            return aboutObjects && (Namespaces.IsEmpty || Namespaces.Contains(request.Namespace)) && (Resources.IsEmpty || Resources.Any(r => r.Matches(request)));
        return Paths.IsEmpty || (!aboutObjects && Paths.Any(path => IsPath(path, request.Path)));
    }

    private static bool IsPath(string path, string asked) =>
        path == "*" || path == asked || (path.EndsWith('*') && asked.StartsWith(path[..^1], StringComparison.Ordinal));
}

/// <summary>Resources of one group that a rule is about.</summary>
/// <param name="Group">The group; empty for core.</param>
/// <param name="Resources">The plurals, with <c>/part</c>; <c>*</c> as either; empty for every one.</param>
/// <param name="Names">The objects; empty for every one.</param>
internal sealed record AuditResources(string Group, ImmutableArray<string> Resources, ImmutableArray<string> Names)
{
    public bool Matches(AccessRequest request) =>
        Group == request.Group && (Names.IsEmpty || Names.Contains(request.Name)) && (Resources.IsEmpty || Resources.Any(resource => Is(resource, request)));

    private static bool Is(string resource, AccessRequest request) =>
        resource == "*" || resource == request.FullResource
        || (request.Subresource.Length > 0 && (resource == $"*/{request.Subresource}" || resource == $"{request.Resource}/*"));
}
