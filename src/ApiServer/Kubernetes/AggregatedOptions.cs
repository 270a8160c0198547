using System.Net;
using Margay.ApiServer.Audit;
using Margay.Model.Datastore.Kube;

namespace Margay.ApiServer.Kubernetes;

/// <summary>How the API server is run behind a cluster's own.</summary>
public sealed class AggregatedOptions
{
    /// <summary>The cluster, and who this server is there.</summary>
    public required KubeConnection Cluster { get; init; }

    /// <summary>The addresses to serve at, with TLS. Port 0 takes a free one.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>The file with the server's certificate and what it was signed by (PEM); read again when it changes. Null to have one made.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The file with its key (PEM).</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where the authority and certificate are kept that are made when no file is given.</summary>
    public string? CertificateDirectory { get; init; }

    /// <summary>
    /// The Secret, <c>NAMESPACE/NAME</c>, that keeps the authority of the certificate that is made, for all servers of the cluster; null: the
    /// folder alone.
    /// </summary>
    public string? AuthoritySecret { get; init; }

    /// <summary>With <see cref="AuthoritySecret"/>: the APIService that is told of the authority.</summary>
    public string ApiService { get; init; } = "v3.projectcalico.org";

    /// <summary>Further names and addresses for a certificate that is made, for example <c>margay-api.margay-system.svc</c>.</summary>
    public IReadOnlyList<string> AlternativeNames { get; init; } = [];

    /// <summary>What is recorded of requests; default nothing.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>How often quiet watches are told how far they are.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests may take to end when the server stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Log lines as JSON.</summary>
    public bool JsonLog { get; init; }
}
