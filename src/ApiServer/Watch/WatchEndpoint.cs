using System.IO.Pipelines;
using System.Security.Cryptography;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Watch;

/// <summary>Answers watches: the state when asked for, then every change, until the time is over or the client has gone.</summary>
internal sealed class WatchEndpoint(ObjectContext context, ListReader lists, WatchSettings settings)
{
    public async Task WatchAsync(ObjectRequest request, ListOptions options)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(request.Stop, settings.Draining);
        ListResult? initial = await InitialAsync(request, options);
        long from = initial?.Revision ?? await StartAsync(options, request.Stop);
        request.Http.Response.StatusCode = 200;
        request.Http.Response.ContentType = "application/json";
        request.Http.Response.Headers.CacheControl = "no-cache, private";
        var writer = new WatchWriter(request, context.Time);
        using var counted = settings.Counted(request.Kind);
        try
        {
            await request.Http.Response.StartAsync(ended.Token);
            PipeWriter output = request.Http.Response.BodyWriter;
            if (initial is not null) WriteInitial(writer, output, initial, options);
            await output.FlushAsync(ended.Token);
            await FollowAsync(request, options, writer, output, from, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone or the server is stopping. The end of the body says the same to a client that is there.
            return;
        }
    }

    /// <summary>The state to begin with, or null when the client has it.</summary>
    private async ValueTask<ListResult?> InitialAsync(ObjectRequest request, ListOptions options)
    {
        bool wanted = options.SendInitialEvents ?? options.ResourceVersion is null or 0;
        if (!wanted) return null;
        await RefuseFutureAsync(options.ResourceVersion ?? 0, request.Stop);
        return await lists.ListAsync(request.Kind, request.Namespace,
            options with { ResourceVersion = null, Match = "", Limit = 0, Continue = "" }, request.Stop);
    }

    private async ValueTask<long> StartAsync(ListOptions options, CancellationToken stop)
    {
        if (options.ResourceVersion is null or 0) return await context.Storage.RevisionAsync(stop);
        long from = options.ResourceVersion.Value;
        await RefuseFutureAsync(from, stop);
        if (from < context.Storage.CompactedRevision)
            throw Failures.Expired(new CompactedException(from, context.Storage.CompactedRevision));
        return from;
    }

    private async ValueTask RefuseFutureAsync(long asked, CancellationToken stop)
    {
        if (asked > context.Storage.CurrentRevision && await context.Storage.RevisionAsync(stop) is var current && asked > current)
            throw Failures.TooLargeVersion(new FutureRevisionException(asked, current));
    }

    private static void WriteInitial(WatchWriter writer, PipeWriter output, ListResult initial, ListOptions options)
    {
        foreach (ObjectView item in initial.Items) writer.Object(output, WatchWriter.Added, item.Wire);
        if (options is { SendInitialEvents: true, Bookmarks: true }) writer.Bookmark(output, initial.Revision, endOfInitial: true);
    }

    private async Task FollowAsync(
        ObjectRequest request, ListOptions options, WatchWriter writer, PipeWriter output, long from, CancellationToken ended)
    {
        string prefix = KeySpace.Collection(request.Kind, request.Namespace);
        // A watch of one object follows one key; its neighbours do not wake it.
        if (options.Selector.Fields.Pinned("metadata.name") is { } name && (request.Namespace.Length > 0 || !request.Kind.Namespaced))
            prefix += name;
        IStorageWatch watch = context.Storage.Watch(prefix, from);
        TimeSpan allowed = options.Timeout ?? settings.ShortestTimeout * (1 + (RandomNumberGenerator.GetInt32(1000) / 1000.0));
        long started = context.Time.GetTimestamp();
        long told = from;
        while (true)
        {
            TimeSpan left = allowed - context.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return;
            try
            {
                WatchBatch batch = await watch.NextAsync(left < settings.BookmarkInterval ? left : settings.BookmarkInterval, ended);
                if (options.Visible is { } visible && !await visible.RefreshAsync(request.Kind, batch.Events, ended))
                    throw Failures.Expired("What this user may see has changed. You must start a new list.");
                foreach (StorageEvent change in batch.Events) writer.Change(output, change, options);
                if (batch.Events.Count == 0 && (!options.Bookmarks || batch.Revision == told)) continue;
                if (batch.Events.Count == 0) writer.Bookmark(output, batch.Revision, endOfInitial: false);
                told = batch.Revision;
            }
            catch (Exception e) when (e is CompactedException or ApiException { Code: 410 })
            {
                WatchWriter.Error(output, e as ApiException ?? settings.Fallen((CompactedException)e));
                await output.FlushAsync(ended);
                return;
            }
            FlushResult flushed = await output.FlushAsync(ended);
            if (flushed.IsCompleted) return;
        }
    }
}
