using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Audit;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Discovery;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.OpenApi;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Watch;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Datastore.Kube;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// The API server behind a cluster's own: serves projectcalico.org/v3 from the custom resources of crd.projectcalico.org/v1. It
/// has no state; any number of them may run.
/// </summary>
public sealed class AggregatedHost : IAsyncDisposable
{
    private readonly AggregatedOptions _options;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ServerMetrics _metrics = new();
    private readonly KubeClient _client;
    private readonly OwnCertificate _certificate;
    private readonly WebApplication _app;
    private readonly KindFeeds _feeds;
    private readonly ResourceStorage _storage;
    private readonly Composition _parts;
    private readonly FrontProxyFeed _proxy;
    private readonly AuditLog? _audit;
    private readonly List<Task> _running = [];
    private bool _stopped;

    private AggregatedHost(AggregatedOptions options)
    {
        _options = options;
        _certificate = new OwnCertificate(options, _time);
        _client = Connect(options);
        var cluster = new CrdStore(_client, _time);
        _app = Build();
        ILogger logger = _app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Margay.ApiServer");
        _feeds = new KindFeeds(cluster, AggregatedKinds.Followed, _time);
        _storage = new ResourceStorage(cluster, _feeds, new RecentLists(_time));
        _audit = AuditSetup.OpenLog(options.Audit, _metrics.Audited, _time, logger);
        _parts = new Composition(_storage, new WatchSettings
        {
            BookmarkInterval = options.BookmarkInterval, Draining = _draining.Token, Counted = _metrics.Watching,
        }, new SubjectAccessReviews(cluster, _time), _time, new KindTable(AggregatedKinds.All, AggregatedKinds.Namespaces), AggregatedKinds.Catalog);
        _proxy = new FrontProxyFeed(_client, _time, logger);
        Map(cluster, logger);
        if (options.AuthoritySecret is not null) _running.Add(Task.Run(() => new SharedAuthority(_client, options, _time).RunAsync(_certificate.Renew, logger, _stop.Token)));
        _running.Add(Task.Run(() => _proxy.RunAsync(_stop.Token)));
        _running.Add(Task.Run(() => new ExpectedObjects(_parts.Operations, _feeds, _time, logger).RunAsync(_stop.Token)));
    }

    /// <summary>Where the server can be reached.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts a server. When this returns it listens; <c>/readyz</c> says when it has read the cluster.</summary>
    /// <param name="options">How to run it.</param>
    /// <param name="stop">Gives up starting.</param>
    /// <exception cref="StartException">It cannot start; the message says why.</exception>
    public static async Task<AggregatedHost> StartAsync(AggregatedOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listen.Count == 0) throw new StartException("nothing to listen at: give --listen");
        if (options.AuthoritySecret is not null) await PrepareAsync(options, stop);
        var host = new AggregatedHost(options);
        try
        {
            host._feeds.Start();
            await host._app.StartAsync(stop);
            host.Address = host._app.Urls.First();
            return host;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await host.DisposeAsync();
            throw new StartException($"cannot listen at {string.Join(", ", options.Listen)}: {e.Message}", e);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when the cluster was read: from then on requests are answered.</summary>
    /// <param name="stop">Ends the wait.</param>
    public async Task ReadyAsync(CancellationToken stop)
    {
        await _feeds.ListedAsync(stop);
        await _proxy.FirstRead.WaitAsync(stop);
    }

    /// <summary>Stops: new requests are refused, watches end, running requests finish.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _draining.CancelAsync();
        using (var patience = new CancellationTokenSource(_options.DrainTimeout)) await _app.StopAsync(patience.Token);
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _storage.DisposeAsync();
        await _app.DisposeAsync();
        _audit?.Dispose();
        _client.Dispose();
        _draining.Dispose();
        _stop.Dispose();
    }

    private static async Task PrepareAsync(AggregatedOptions options, CancellationToken stop)
    {
        SharedAuthority.Parse(options.AuthoritySecret!);
        if (options.CertificateFile is not null || options.CertificateDirectory is null)
            throw new StartException("--authority-secret is for a certificate that is made: it goes with --cert-dir, and without --tls-cert-file");
        using KubeClient client = Connect(options);
        await new SharedAuthority(client, options, TimeProvider.System).PrepareAsync(stop);
    }

    private static KubeClient Connect(AggregatedOptions options)
    {
        try
        {
            return new KubeClient(options.Cluster);
        }
        catch (CryptographicException cause)
        {
            throw new StartException($"the credentials for the cluster are broken: {cause.Message}", cause);
        }
    }

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "margay-server" });
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Error);
        Logs.Add(builder.Logging, _options.JsonLog);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Listen);
        return builder.Build();
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        Listeners.Limit(kestrel);
        foreach (var address in _options.Listen)
        {
            kestrel.Listen(address, listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(Handshake()) }));
        }
    }

    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "DelegatedAuthentication judges clients' certificates, request by request.")]
    private SslServerAuthenticationOptions Handshake() => new()
    {
        ServerCertificateContext = _certificate.Shown,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        // Asked for and not demanded. Judged by DelegatedAuthentication, which can answer with a Status.
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    private void Map(IResourceStore cluster, ILogger logger)
    {
        var failures = new FailureAnswers(logger);
        var authentication = new DelegatedAuthentication(_proxy, new TokenReviews(cluster, _time), _time);
        var gate = new AuthorizationGate(_parts.Authorizer, _metrics.Authorized);
        Auditor? auditor = _audit is null ? null : new Auditor(AuditSetup.ReadPolicy(_options.Audit), _audit, _time);
        _app.Use(next => http => _metrics.InvokeAsync(http, next));
        if (auditor is not null) _app.Use(next => http => auditor.AroundAsync(http, next));
        _app.Use(next => http => failures.InvokeAsync(http, next));
        _app.Use(next => http => authentication.InvokeAsync(http, next));
        if (auditor is not null) _app.Use(next => http => auditor.ReceivedAsync(http, next));
        _app.Use(next => http => gate.InvokeAsync(http, next));
        _app.UseRouting();
        _app.MapHealth(() => [("storage", _storage.Trouble), ("front-proxy", _proxy.Trouble)], _draining.Token);
        _app.MapGet("/metrics", http => _metrics.SendAsync(http, _storage));
        _app.MapDiscovery(new DiscoveryDocuments(AggregatedKinds.All));
        _app.MapOpenApi(new OpenApiDocuments(AggregatedKinds.All, AggregatedKinds.Catalog, ServerVersion.Git));
        _app.MapFallback("{**path}", _parts.Resources.DispatchAsync);
        _app.UseEndpoints(static _ => { });
    }
}
