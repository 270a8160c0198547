using System.Net;
using Margay.ApiServer.Audit;
using Margay.ApiServer.Storage.Etcd;

namespace Margay.ApiServer.Hosting;

/// <summary>How a standalone API server is run.</summary>
public sealed class ApiServerOptions
{
    /// <summary>The folder of the state, the authority and the administrator's kubeconfig. One process owns it at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The addresses to serve at, with TLS. Port 0 takes a free one.</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; init; } = [];

    /// <summary>Inherited sockets that already listen, also served with TLS.</summary>
    public IReadOnlyList<int> ListenDescriptors { get; init; } = [];

    /// <summary>Host and port that clients reach the server at; the first address when not given.</summary>
    public string? Advertise { get; init; }

    /// <summary>Further names and addresses for the server's certificate.</summary>
    public IReadOnlyList<string> AlternativeNames { get; init; } = [];

    /// <summary>Where else to write the administrator's kubeconfig.</summary>
    public string? KubeconfigOut { get; init; }

    /// <summary>A file of bearer tokens, or null.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The issuer in tokens of service accounts.</summary>
    public string ServiceAccountIssuer { get; init; } = "https://kubernetes.default.svc.cluster.local";

    /// <summary>The audiences that this server is; the issuer when none is given.</summary>
    public IReadOnlyList<string> ApiAudiences { get; init; } = [];

    /// <summary>Who may do what; default <see cref="AuthorizationMode.Rbac"/>.</summary>
    public AuthorizationMode AuthorizationMode { get; init; } = AuthorizationMode.Rbac;

    /// <summary>What is recorded of requests; default nothing.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>The etcd cluster that keeps the state; null: SQLite in the data folder.</summary>
    public EtcdOptions? Etcd { get; init; }

    /// <summary>How many changes can be watched from the past. SQLite only, as is <see cref="RetainFor"/>.</summary>
    public int RetainEvents { get; init; } = 20_000;

    /// <summary>How long changes can be watched from the past.</summary>
    public TimeSpan RetainFor { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often quiet watches are told how far they are.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests may take to end when the server stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Log lines as JSON.</summary>
    public bool JsonLog { get; init; }
}

/// <summary>Who may do what.</summary>
public enum AuthorizationMode
{
    /// <summary>What roles allow (rbac.authorization.k8s.io), and nothing else. Members of <c>system:masters</c> may do everything.</summary>
    Rbac,

    /// <summary>Whoever is known may do everything. For machines with one user.</summary>
    AlwaysAllow,
}
