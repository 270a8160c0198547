using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Authorization;

/// <summary>
/// Kubernetes' role-based access control. What is not allowed by a role is refused. Roles and bindings are followed in
/// storage, and what was committed before a request counts for it: who loses a right has lost it when the answer arrives.
/// </summary>
internal sealed class RoleAuthorizer : IAuthorizer, IDisposable
{
    /// <summary>Its members may do everything, whatever roles say: the way in when bindings are broken.</summary>
    public const string Masters = "system:masters";

    private const string Prefix = "/rbac.authorization.k8s.io/";

    private readonly IStorage _storage;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private IStorageWatch? _watch;
    private RoleBook _book = new();

    public RoleAuthorizer(IStorage storage) => _storage = storage;

    /// <inheritdoc/>
    public async ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken stop)
    {
        if (request.User.Groups.Contains(Masters)) return new AccessDecision(true, $"member of {Masters}");
        foreach (var (binding, rule) in (await BookAsync(stop)).Of(request.User, request.Namespace))
        {
            if (rule.Allows(request)) return new AccessDecision(true, $"RBAC: allowed by {binding}");
        }
        return new AccessDecision(false, "RBAC: no role allows it");
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AccessRule>> RulesAsync(UserInfo user, string space, CancellationToken stop)
    {
        if (user.Groups.Contains(Masters)) return AccessRule.Everything;
        return [.. (await BookAsync(stop)).Of(user, space).Select(found => found.Rule)];
    }

    /// <summary>The roles and bindings, with everything that is committed now.</summary>
    public async ValueTask<RoleBook> BookAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            if (_watch is not null && await IsCurrentAsync(_watch, stop)) return _book;
            var page = await _storage.ListAsync(new StorageQuery(Prefix), stop);
            var book = new RoleBook();
            foreach (var stored in page.Items) book.Add(ObjectView.Of(stored).Document());
            _watch = _storage.Watch(Prefix, page.Revision);
            return _book = book;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static async ValueTask<bool> IsCurrentAsync(IStorageWatch watch, CancellationToken stop)
    {
        try
        {
            return (await watch.NextAsync(TimeSpan.Zero, stop)).Events.Count == 0;
        }
        catch (CompactedException)
        {
            // Nobody asked for so long that the changes are forgotten: read again.
            return false;
        }
    }
}
