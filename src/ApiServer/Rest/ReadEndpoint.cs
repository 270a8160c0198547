using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Watch;

namespace Margay.ApiServer.Rest;

/// <summary>Answers get, list and watch.</summary>
internal sealed class ReadEndpoint(ObjectContext context, ListReader lists, WatchEndpoint watches)
{
    public async Task GetAsync(ObjectRequest request)
    {
        if (QueryValues.Flag(request.Query, "watch") == true)
        {
            await watches.WatchAsync(request, await OptionsAsync(request));
            return;
        }
        StoredObject stored = await context.Storage.GetAsync(request.Target().Key, request.Stop)
            ?? throw Failures.NotFound(request.Kind, request.Name);
        ObjectView view = ObjectView.Of(stored);
        if (TieredKinds.Has(request.Kind)) await context.Tiers.EnsureAsync(request.Access, TieredKinds.TierOf(request.Kind, view), request.Stop);
        await Presentation.SendObjectAsync(request, 200, view.Wire, context.Time);
    }

    public async Task ListAsync(ObjectRequest request)
    {
        ListOptions options = await OptionsAsync(request);
        if (options.Watch)
        {
            await watches.WatchAsync(request, options);
            return;
        }
        ListResult list = await lists.ListAsync(request.Kind, request.Namespace, options, request.Stop);
        await Presentation.SendListAsync(request, list, context.Time);
    }

    private ValueTask<ListOptions> OptionsAsync(ObjectRequest request) =>
        ListOptions.Parse(request.Kind, request.Query, request.Name).RestrictAsync(request, context.Tiers);
}
