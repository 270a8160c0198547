using Margay.ApiServer.Security;

namespace Margay.ApiServer.Authorization;

/// <summary>Says who may do what.</summary>
internal interface IAuthorizer
{
    /// <summary>Whether a request may go on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stop">Ends with it.</param>
    ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken stop);

    /// <summary>Everything that somebody may do in a namespace.</summary>
    /// <param name="user">Who.</param>
    /// <param name="space">The namespace; empty for the cluster.</param>
    /// <param name="stop">Ends with the request.</param>
    ValueTask<IReadOnlyList<AccessRule>> RulesAsync(UserInfo user, string space, CancellationToken stop);
}

/// <summary>The answer to a request.</summary>
/// <param name="Allowed">Whether it may go on.</param>
/// <param name="Reason">For people: by what.</param>
internal readonly record struct AccessDecision(bool Allowed, string Reason);

/// <summary>Everybody who is known may do everything.</summary>
internal sealed class AlwaysAllow : IAuthorizer
{
    public ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken stop) =>
        ValueTask.FromResult(new AccessDecision(true, "the server runs with --authorization-mode AlwaysAllow"));

    public ValueTask<IReadOnlyList<AccessRule>> RulesAsync(UserInfo user, string space, CancellationToken stop) => ValueTask.FromResult<IReadOnlyList<AccessRule>>(AccessRule.Everything);
}
