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
using Margay.ApiServer.Storage.Sqlite;
using Margay.ApiServer.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Hosting;

/// <summary>A standalone API server in this process.</summary>
public sealed class ApiServerHost : IAsyncDisposable
{
    private readonly ApiServerOptions _options;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CancellationTokenSource _draining = new();
    private readonly DataDirectory _data;
    private readonly CertificateAuthority _authority;
    private readonly SigningKey _tokenKey;
    private readonly ServerMetrics _metrics = new();
    private readonly AuditLog? _audit;
    private readonly WebApplication _app;
    private readonly LoggedStorage _storage;
    private readonly RoleAuthorizer? _roles;
    private readonly Composition _parts;
    private readonly Controllers _controllers;
    private bool _stopped;

    private ApiServerHost(ApiServerOptions options)
    {
        _options = options;
        _data = DataDirectory.Open(options.DataDirectory);
        _authority = CertificateAuthority.Open(_data.Certificates, _time);
        _tokenKey = OpenTokenKey();
        _app = Build();
        ILoggerFactory loggers = _app.Services.GetRequiredService<ILoggerFactory>();
        _audit = AuditSetup.OpenLog(options, _metrics.Audited, _time, loggers.CreateLogger("Margay.ApiServer.Audit"));
        _storage = OpenStorage(loggers.CreateLogger("Margay.ApiServer.Storage"));
        _roles = options.AuthorizationMode == AuthorizationMode.Rbac ? new RoleAuthorizer(_storage) : null;
        _parts = new Composition(_storage, new WatchSettings
        {
            BookmarkInterval = options.BookmarkInterval, Draining = _draining.Token, Counted = _metrics.Watching,
        }, _roles, _time);
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
        var host = new ApiServerHost(options);
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

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "margay-server" });
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // What keeps us from starting is said once, in our own words.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Error);
        Logs.Add(builder.Logging, _options.JsonLog);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, _options, _authority.Server(_data.Certificates, Listeners.Names(_options))));
        return builder.Build();
    }

    private SigningKey OpenTokenKey()
    {
        try
        {
            return SigningKey.Open(_data.Certificates);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(e.Message, e);
        }
    }

    private LoggedStorage OpenStorage(ILogger logger)
    {
        try
        {
            return new LoggedStorage(new SqliteEventLog(_data.Database), new StorageOptions
            {
                RetainEvents = _options.RetainEvents, RetainFor = _options.RetainFor, OnCommit = _metrics.Committed,
            }, _time, logger);
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            throw new StartException($"the state in {_data.Database} cannot be opened: {e.Message}", e);
        }
    }

    private void Map(ILogger logger)
    {
        var failures = new FailureAnswers(logger);
        var settings = new TokenSettings(_options.ServiceAccountIssuer, _options.ApiAudiences is { Count: > 0 } given ? given : [_options.ServiceAccountIssuer]);
        var objects = new TokenObjects(_storage, _parts.Operations.Context.Kinds);
        var tokens = new BearerTokens(Listeners.Tokens(_options), new TokenVerifier(_tokenKey, settings, objects, _time), settings);
        var authentication = new Authentication(new ClientCertificates(_authority.Certificate, _time), tokens, _metrics.Authenticated);
        _app.Use(next => http => _metrics.InvokeAsync(http, next));
        Auditor? auditor = _audit is null ? null : new Auditor(AuditSetup.ReadPolicy(_options), _audit, _time);
        if (auditor is not null) _app.Use(next => http => auditor.AroundAsync(http, next));
        _app.Use(next => http => failures.InvokeAsync(http, next));
        _app.Use(next => http => authentication.InvokeAsync(http, next));
        if (auditor is not null) _app.Use(next => http => auditor.ReceivedAsync(http, next));
        var gate = new AuthorizationGate(_parts.Authorizer, _metrics.Authorized);
        _app.Use(next => http => gate.InvokeAsync(http, next));
        _app.UseRouting();
        _app.MapHealth(_storage, _draining.Token);
        _app.MapGet("/metrics", http => _metrics.SendAsync(http, _storage));
        _app.MapReviews(_parts.Authorizer, tokens);
        _app.MapTokens(new TokenRequests(new TokenIssuer(_tokenKey, settings, _time), objects, settings, _time), _tokenKey, settings);
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
