using Margay.ApiServer.Admission;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Watch;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Relay;

/// <summary>
/// Answers lists and watches of the relayed kinds for the groups that may read them, and refuses everything else in words:
/// the relay has no right to act for its clients, so what is not here is the API server's.
/// </summary>
internal sealed class RelayEndpoint
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly Dictionary<(string Group, string Version, string Plural), (KindCache Cache, ReadEndpoint Reads)> _kinds = [];
    private readonly HashSet<string> _groups;
    private readonly Uri _server;
    private readonly TimeProvider _time;

    public RelayEndpoint(IEnumerable<KindCache> caches, RelayOptions options, Func<KindCache, WatchSettings> watches, TimeProvider time)
    {
        _groups = [.. options.Groups];
        (_server, _time) = (options.Upstream.Server, time);
        var admission = new AdmissionChain([], new MeaningValidator(new SchemaValidator(ServedKinds.Catalog)));
        var table = new KindTable(ServedKinds.Stored);
        // Membership of the groups is the whole right: nothing is left out for them.
        var rights = new TierAuthorizer(new AlwaysAllow(), new NoTiers());
        foreach (KindCache cache in caches)
        {
            var context = new ObjectContext(cache, table, admission, rights, ServedKinds.Catalog, time);
            var lists = new ListReader(cache);
            GroupVersionKind gvk = cache.Kind.Gvk;
            _kinds[(gvk.Group, gvk.Version, cache.Kind.Plural)] = (cache, new ReadEndpoint(context, lists, new WatchEndpoint(context, lists, watches(cache))));
        }
    }

    /// <summary>Lets members of the groups go on.</summary>
    public Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        if (UserInfo.Of(http) is not { } user) return next(http);
        if (!user.Groups.Any(_groups.Contains))
        {
            throw new ApiException(403, "Forbidden",
                $"User \"{user.Name}\" cannot read through this relay: it serves members of {string.Join(", ", _groups.Order(StringComparer.Ordinal))}");
        }
        http.Features.Set(AccessRequest.Of(http, user));
        return next(http);
    }

    public async Task DispatchAsync(HttpContext http)
    {
        if (!RequestPath.TryParse(http.Request.Path.Value ?? "", out RequestPath path)) throw Failures.NoSuchPath();
        if (http.Request.Method != "GET" || path.Name.Length > 0)
            throw new ApiException(405, "MethodNotAllowed", $"this relay answers list and watch only: send this to the API server at {_server}");
        if (!_kinds.TryGetValue((path.Group, path.Version, path.Resource), out var kind) || kind.Cache.IsAbsent)
            throw new ApiException(404, "NotFound", $"{path.Resource} are not relayed: ask the API server at {_server}");
        if (path.Namespace.Length > 0 && !kind.Cache.Kind.Namespaced) throw Failures.NoSuchPath();
        if (kind.Cache.Trouble is { } trouble) throw Failures.Unavailable($"the relay is starting: {trouble}");
        await WaitForAsync(http, kind.Cache);
        var request = new ObjectRequest(http, kind.Cache.Kind, path.Namespace, path.Name, AnswerForm.Choose(http.Request.Headers.Accept.ToString()));
        await kind.Reads.ListAsync(request);
    }

    /// <summary>A client that was at another relay or at the API server may be a moment ahead.</summary>
    private async Task WaitForAsync(HttpContext http, KindCache cache)
    {
        if (!long.TryParse(http.Request.Query["resourceVersion"].ToString(), out long wanted) || wanted <= cache.CurrentRevision) return;
        try
        {
            await cache.State.Revisions.Reach(wanted).WaitAsync(LongestWait, _time, http.RequestAborted);
        }
        catch (TimeoutException)
        {
            throw Failures.TooLargeVersion(new FutureRevisionException(wanted, cache.CurrentRevision));
        }
    }
}
