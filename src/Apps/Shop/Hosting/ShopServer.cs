using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Margay.Apps.Shop.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Margay.Apps.Shop.Hosting;

/// <summary>What a role does with a request: the rest of the path after the route's prefix comes with it.</summary>
internal delegate Task ShopHandler(HttpContext context, string rest, CancellationToken stop);

/// <summary>The HTTP server that every role of the shop runs in: routes by prefix, health, counters, and background work.</summary>
internal sealed class ShopServer : IDisposable
{
    private readonly string _role;
    private readonly WebApplication _app;
    private readonly List<(string Method, string Prefix, ShopHandler Handler)> _routes = [];
    private readonly List<Func<CancellationToken, Task>> _background = [];
    private readonly CancellationTokenSource _stop = new();

    public ShopServer(string role, int port)
    {
        _role = role;
        Counters = new Counters();
        Upstream = new Upstream(Counters);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port));
        _app = builder.Build();
        _app.Run(ServeAsync);
        _app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"{role} listens on port {port}"));
        _app.Lifetime.ApplicationStopping.Register(_stop.Cancel);
    }

    public Counters Counters { get; }

    public Upstream Upstream { get; }

    public ShopServer Route(string method, string prefix, ShopHandler handler)
    {
        _routes.Add((method, prefix, handler));
        return this;
    }

    public ShopServer Background(Func<CancellationToken, Task> work)
    {
        _background.Add(work);
        return this;
    }

    public async Task RunAsync()
    {
        Task[] background = [.. _background.Select(work => UntilStoppedAsync(work))];
        await _app.RunAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(background);
    }

    public void Dispose()
    {
        Upstream.Dispose();
        _stop.Dispose();
        ((IDisposable)_app).Dispose();
    }

    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, CancellationToken stop)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, stop);
    }

    private async Task UntilStoppedAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Counters.Add("background_stopped");
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        if (path == "/healthz")
        {
            await context.Response.WriteAsync("ok\n");
            return;
        }

        if (path == "/metrics")
        {
            await context.Response.WriteAsync(Counters.Render(_role));
            return;
        }

        foreach (var (method, prefix, handler) in _routes)
        {
            if (context.Request.Method != method || !path.StartsWith(prefix, StringComparison.Ordinal)) continue;
            Counters.Add("requests");
            await AnswerAsync(context, handler, path[prefix.Length..].Trim('/'));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task AnswerAsync(HttpContext context, ShopHandler handler, string rest)
    {
        try
        {
            await handler(context, rest, context.RequestAborted);
        }
        catch (UpstreamException failure)
        {
            Counters.Add("failures");
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await WriteAsync(context, new Failure(_role, failure.Message), ShopJson.Default.Failure, context.RequestAborted);
        }
    }
}
