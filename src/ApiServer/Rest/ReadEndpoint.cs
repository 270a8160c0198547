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
            await watches.WatchAsync(request, ListOptions.Parse(request.Kind, request.Query, request.Name));
            return;
        }
        StoredObject stored = await context.Storage.GetAsync(request.Target().Key, request.Stop)
            ?? throw Failures.NotFound(request.Kind, request.Name);
        await Presentation.SendObjectAsync(request, 200, ObjectView.Of(stored).Wire, context.Time);
    }

    public async Task ListAsync(ObjectRequest request)
    {
        ListOptions options = ListOptions.Parse(request.Kind, request.Query, "");
        if (options.Watch)
        {
            await watches.WatchAsync(request, options);
            return;
        }
        ListResult list = await lists.ListAsync(request.Kind, request.Namespace, options, request.Stop);
        await Presentation.SendListAsync(request, list, context.Time);
    }
}
