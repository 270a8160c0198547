using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Relay;

/// <summary>A relay in this process: one watch for each kind at the API server, any number of them for clients.</summary>
public sealed class RelayHost : IAsyncDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly RelayOptions _options;
    private readonly RelayMetrics _metrics = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly KindCache[] _caches;
    private readonly HttpClient _http;
    private readonly WebApplication _app;
    private readonly ILogger _logger;
    private Task _following = Task.CompletedTask;
    private bool _stopped;

    private RelayHost(RelayOptions options)
    {
        _options = options;
        _caches = [.. options.Resources.Select(r => new KindCache(Find(r), options.Backlog))];
        X509Certificate2 certificate, authority;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
            authority = X509CertificateLoader.LoadCertificateFromFile(options.ClientCaFile);
            _http = options.Upstream.CreateHttpClient();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException($"a certificate or key cannot be read: {e.Message}", e);
        }
        _app = Build(certificate);
        _logger = _app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Margay.Relay");
        Map(new Authentication(new ClientCertificates([authority], Time), tokens: null, Time, (_, _) => { }));
    }

    /// <summary>Where the relay can be reached, for example <c>https://10.0.0.2:6444</c>.</summary>
    public string Address { get; private set; } = "";

    internal IReadOnlyList<KindCache> Caches => _caches;

    /// <summary>Starts a relay. When this returns it listens; it is ready when it has read everything once.</summary>
    /// <param name="options">How to run it.</param>
    /// <param name="stop">Gives up starting.</param>
    /// <exception cref="StartException">It cannot start; the message says why.</exception>
    public static async Task<RelayHost> StartAsync(RelayOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listen.Count == 0) throw new StartException("nothing to listen at: give --listen");
        var host = new RelayHost(options);
        try
        {
            await host._app.StartAsync(stop);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await host.DisposeAsync();
            throw new StartException($"cannot listen at {string.Join(", ", options.Listen)}: {e.Message}", e);
        }
        host.Address = host._app.Urls.First();
        var upstream = new Upstream(host._http);
        host._following = Task.WhenAll(host._caches.Select(cache =>
            Task.Run(() => new UpstreamFeed(upstream, cache, host._metrics, Time, host._logger).RunAsync(host._stop.Token), CancellationToken.None)));
        return host;
    }

    /// <summary>Stops: watches end, and clients go elsewhere.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _draining.CancelAsync();
        using (var patience = new CancellationTokenSource(_options.DrainTimeout)) await _app.StopAsync(patience.Token);
        await _stop.CancelAsync();
        await _following;
        await _app.DisposeAsync();
        _http.Dispose();
        _draining.Dispose();
        _stop.Dispose();
    }

    private static ServedKind Find(string resource) =>
        ServedKinds.Stored.FirstOrDefault(k => resource == (k.Gvk.Group.Length == 0 ? k.Plural : $"{k.Plural}.{k.Gvk.Group}"))
        ?? throw new StartException($"--resource {resource}: no such kind; expected the plural, with the group after a dot, for example pods or tiers.projectcalico.org");

    private WebApplication Build(X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "margay-server" });
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Error);
        Logs.Add(builder.Logging, _options.JsonLog);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = Listeners.StreamsPerConnection;
            kestrel.Limits.MaxRequestBodySize = RequestBody.Limit;
            kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: _options.Patience);
            foreach (IPEndPoint address in _options.Listen)
            {
                kestrel.Listen(address, listen =>
                {
                    listen.Use(next => connection => _metrics.ConnectedAsync(connection, next));
                    Listeners.Secure(listen, certificate);
                });
            }
        });
        return builder.Build();
    }

    private void Map(Authentication authentication)
    {
        var failures = new FailureAnswers(_logger);
        var endpoint = new RelayEndpoint(_caches, _options, Watches, Time);
        _app.Use(next => http => failures.InvokeAsync(http, next));
        _app.Use(next => http => authentication.InvokeAsync(http, next));
        _app.Use(next => http => endpoint.AdmitAsync(http, next));
        _app.UseRouting();
        _app.MapHealth(() => _caches.Select(c => (c.Kind.Plural, c.Trouble)), _draining.Token);
        _app.MapGet("/metrics", http => _metrics.SendAsync(http, _caches));
        _app.MapFallback("{**path}", endpoint.DispatchAsync);
        _app.UseEndpoints(static _ => { });
    }

    private WatchSettings Watches(KindCache cache) => new()
    {
        BookmarkInterval = _options.BookmarkInterval, Draining = _draining.Token, Counted = _metrics.Watching, Fallen = e => Shed(cache, e),
    };

    private ApiException Shed(KindCache cache, CompactedException cause)
    {
        _metrics.Dropped();
        _logger.ClientTooSlow(cache.Kind.Plural, cause.Requested, cause.Compacted);
        return Failures.Expired(
            $"too old resource version: {cause.Requested} ({cause.Compacted}): this client took its changes more slowly than they came, or the relay began again; list and watch again");
    }
}
