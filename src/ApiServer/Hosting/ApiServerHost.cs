using System.Net.Sockets;
using System.Security.Cryptography;
using Margay.ApiServer.Audit;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Discovery;
using Margay.ApiServer.Lifecycle;
using Margay.ApiServer.OpenApi;
using Margay.ApiServer.Reviews;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Security;
using Margay.ApiServer.Security.Tokens;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Hosting;

/// <summary>A standalone API server in this process.</summary>
public sealed class ApiServerHost : IAsyncDisposable
{
    private readonly ApiServerOptions _options;
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly CancellationTokenSource _draining = new();
    private readonly DataDirectory _data;
    private readonly CertificateAuthority _authority;
    private readonly SigningKey _tokenKey;
    private readonly ServerMetrics _metrics;
    private readonly AuditLog? _audit;
    private readonly WebApplication _app;
    private readonly IStorage _storage;
    private readonly RoleAuthorizer? _roles;
    private readonly Composition _parts;
    private readonly Controllers _controllers;
    private bool _stopped;

    private ApiServerHost(ApiServerOptions options, DataDirectory data, CertificateAuthority authority, SigningKey tokenKey, WebApplication app, IStorage storage, ServerMetrics metrics)
    {
        (_options, _data, _authority, _tokenKey, _app, _storage, _metrics) = (options, data, authority, tokenKey, app, storage, metrics);
        ILoggerFactory loggers = _app.Services.GetRequiredService<ILoggerFactory>();
        _audit = AuditSetup.OpenLog(options.Audit, _metrics.Audited, Time, loggers.CreateLogger("Margay.ApiServer.Audit"));
        _roles = options.AuthorizationMode == AuthorizationMode.Rbac ? new RoleAuthorizer(_storage) : null;
        _parts = new Composition(_storage, new WatchSettings
        {
            BookmarkInterval = options.BookmarkInterval, Draining = _draining.Token, Counted = _metrics.Watching,
        }, _roles is null ? new AlwaysAllow() : _roles, Time);
        _controllers = new Controllers(_parts.Operations, loggers.CreateLogger("Margay.ApiServer.Lifecycle"));
        Map(loggers.CreateLogger("Margay.ApiServer"));
    }

    /// <summary>Where the server can be reached, for example <c>https://127.0.0.1:6443</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The administrator's kubeconfig.</summary>
    public string Kubeconfig => _options.KubeconfigOut ?? _data.AdminKubeconfig;

    /// <summary>The newest committed version.</summary>
    public long Revision => _storage.CurrentRevision;

    internal IStorage Storage => _storage;

    /// <summary>Starts a server. When this returns it serves.</summary>
    /// <param name="options">How to run it.</param>
    /// <param name="stop">Gives up starting.</param>
    /// <exception cref="StartException">It cannot start; the message says why.</exception>
    public static async Task<ApiServerHost> StartAsync(ApiServerOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listen.Count + options.ListenDescriptors.Count == 0)
            throw new StartException("nothing to listen at: give --listen or --listen-fd");
        ApiServerHost host = await OpenAsync(options, stop);
        try
        {
            await new Bootstrap(host._parts.Operations).RunAsync(stop);
            host._controllers.Start();
            await host.ListenAsync(stop);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops: new requests are refused, watches end, running requests finish, the state is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        _app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Margay.ApiServer").Draining();
        await _draining.CancelAsync();
        using (var patience = new CancellationTokenSource(_options.DrainTimeout)) await _app.StopAsync(patience.Token);
        await _controllers.DisposeAsync();
        _roles?.Dispose();
        await _storage.DisposeAsync();
        await _app.DisposeAsync();
        _tokenKey.Dispose();
        _audit?.Dispose();
        _data.Dispose();
        _draining.Dispose();
    }

    private static async Task<ApiServerHost> OpenAsync(ApiServerOptions options, CancellationToken stop)
    {
        DataDirectory data = DataDirectory.Open(options.DataDirectory);
        WebApplication? app = null;
        try
        {
            CertificateAuthority authority = CertificateAuthority.Open(data.Certificates, Time);
            SigningKey tokenKey = OpenTokenKey(data);
            var metrics = new ServerMetrics();
            app = Build(options, data, authority);
            ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Margay.ApiServer.Storage");
            IStorage storage = await StorageChoice.OpenAsync(options, data, metrics, Time, logger, stop);
            return new ApiServerHost(options, data, authority, tokenKey, app, storage, metrics);
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            data.Dispose();
            throw;
        }
    }

    private static WebApplication Build(ApiServerOptions options, DataDirectory data, CertificateAuthority authority)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "margay-server" });
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // What keeps us from starting is said once, in our own words.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Error);
        Logs.Add(builder.Logging, options.JsonLog);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, options, authority.Server(data.Certificates, Listeners.Names(options))));
        return builder.Build();
    }

    private static SigningKey OpenTokenKey(DataDirectory data)
    {
        try
        {
            return SigningKey.Open(data.Certificates);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(e.Message, e);
        }
    }

    private void Map(ILogger logger)
    {
        var failures = new FailureAnswers(logger);
        var settings = new TokenSettings(_options.ServiceAccountIssuer, _options.ApiAudiences is { Count: > 0 } given ? given : [_options.ServiceAccountIssuer]);
        var objects = new TokenObjects(_storage, _parts.Operations.Context.Kinds);
        var tokens = new BearerTokens(Listeners.Tokens(_options), new TokenVerifier(_tokenKey, settings, objects, Time), settings);
        var authentication = new Authentication(new ClientCertificates([_authority.Certificate], Time), tokens, Time, _metrics.Authenticated);
        _app.Use(next => http => _metrics.InvokeAsync(http, next));
        Auditor? auditor = _audit is null ? null : new Auditor(AuditSetup.ReadPolicy(_options.Audit), _audit, Time);
        if (auditor is not null) _app.Use(next => http => auditor.AroundAsync(http, next));
        _app.Use(next => http => failures.InvokeAsync(http, next));
        _app.Use(next => http => authentication.InvokeAsync(http, next));
        if (auditor is not null) _app.Use(next => http => auditor.ReceivedAsync(http, next));
        var fresh = new FreshState(_storage);
        _app.Use(next => http => fresh.InvokeAsync(http, next));
        var gate = new AuthorizationGate(_parts.Authorizer, _metrics.Authorized);
        _app.Use(next => http => gate.InvokeAsync(http, next));
        _app.UseRouting();
        _app.MapHealth(_storage, _draining.Token);
        _app.MapGet("/metrics", http => _metrics.SendAsync(http, _storage));
        _app.MapReviews(_parts.Authorizer, tokens);
        _app.MapTokens(new TokenRequests(new TokenIssuer(_tokenKey, settings, Time), objects, settings, Time), _tokenKey, settings);
        _app.MapDiscovery(new DiscoveryDocuments(ServedKinds.All));
        _app.MapOpenApi(new OpenApiDocuments(ServedKinds.All, ServedKinds.Catalog, ServerVersion.Git));
        _app.MapFallback("{**path}", _parts.Resources.DispatchAsync);
        _app.UseEndpoints(static _ => { });
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        try
        {
            await _app.StartAsync(stop);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartException($"cannot listen at {Listeners.Describe(_options)}: {e.Message}", e);
        }
        Address = Listeners.Advertised(_options, _app.Urls);
        WriteKubeconfig("admin", "margay-admin", RoleAuthorizer.Masters, [_data.AdminKubeconfig, Kubeconfig]);
        // For components on this machine; others get theirs by margay-server kubeconfig.
        WriteKubeconfig("node", "margay-node", BuiltInRoles.Nodes, [_data.NodeKubeconfig]);
        WriteKubeconfig("controllers", "margay-controllers", BuiltInRoles.Controllers, [_data.ControllersKubeconfig]);
    }

    private void WriteKubeconfig(string file, string user, string group, string[] paths)
    {
        using var certificate = _authority.Client(_data.Certificates, file, user, [group]);
        foreach (string path in paths) Security.Kubeconfig.Write(path, Address, _authority.Certificate, certificate, user);
    }
}
