namespace Margay.ApiServer.Storage.Etcd;

/// <summary>Where an etcd cluster is, and how the state is kept in it. The names are those of kube-apiserver's flags.</summary>
public sealed record EtcdOptions
{
    /// <summary>The members: <c>https://host:2379</c>, or <c>http</c> without TLS. The first that answers is used.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>The authority that signed the members' certificates (PEM); null: those the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>Our certificate for etcd (PEM), or null.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its key (PEM), or null.</summary>
    public string? KeyFile { get; init; }

    /// <summary>All keys begin with this. Servers with the same prefix on the same etcd share one state.</summary>
    public string Prefix { get; init; } = "/margay";

    /// <summary>How often old history is removed from etcd, by one of the servers; zero: never by us.</summary>
    public TimeSpan CompactionInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many of the newest changes are held in memory; older ones are read from etcd.</summary>
    internal int WindowEvents { get; init; } = 4096;

    /// <summary>How long a start may wait for etcd.</summary>
    internal TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a read waits for changes that it knows of before it asks for proof that they are not ours.</summary>
    internal TimeSpan ProofDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Told after each request to etcd.</summary>
    internal Action<EtcdRequest>? OnRequest { get; init; }

    /// <summary>Reads the flag.</summary>
    /// <param name="text">Addresses, separated by commas.</param>
    /// <exception cref="FormatException">It is not a list of addresses; the message says what is expected.</exception>
    public static IReadOnlyList<Uri> ParseServers(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Uri[] servers = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(One)];
        return servers.Length > 0 ? servers : throw new FormatException("--etcd-servers is empty: expected for example https://10.0.0.1:2379");
    }

    private static Uri One(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? server) && server.Scheme is "http" or "https" && server.PathAndQuery == "/"
            ? server
            : throw new FormatException($"--etcd-servers {text}: expected http:// or https://, host and port, for example https://10.0.0.1:2379");
}

/// <summary>A request to etcd that is over.</summary>
/// <param name="Operation">What: get, list, create, update, delete, compact, barrier, beat.</param>
/// <param name="Type">The plural of the kind; empty for what is not about one.</param>
/// <param name="Took">How long.</param>
/// <param name="Failed">Whether it got no answer.</param>
internal readonly record struct EtcdRequest(string Operation, string Type, TimeSpan Took, bool Failed);
