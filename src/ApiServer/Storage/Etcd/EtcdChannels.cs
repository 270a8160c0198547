using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>A channel to each member. One is in use; who finds it dead moves everybody on.</summary>
internal sealed class EtcdChannels : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly GrpcChannel[] _channels;
    private int _current;

    public EtcdChannels(EtcdOptions options)
    {
        SslClientAuthenticationOptions tls = Tls(options);
        _channels = [.. options.Servers.Select(server => Open(server, tls))];
        // Servers should not all begin with the same member.
        _current = RandomNumberGenerator.GetInt32(_channels.Length);
    }

    public int Count => _channels.Length;

    public GrpcChannel Current => _channels[Volatile.Read(ref _current)];

    /// <summary>Leaves a member that does not answer, unless somebody has left it already.</summary>
    public void Leave(GrpcChannel dead)
    {
        int at = Volatile.Read(ref _current);
        if (ReferenceEquals(_channels[at], dead)) Interlocked.CompareExchange(ref _current, (at + 1) % _channels.Length, at);
    }

    public void Dispose()
    {
        foreach (GrpcChannel channel in _channels) channel.Dispose();
    }

    private static GrpcChannel Open(Uri server, SslClientAuthenticationOptions tls) => GrpcChannel.ForAddress(server, new GrpcChannelOptions
    {
        // A page of a list can be large; etcd itself limits what it takes.
        MaxReceiveMessageSize = null,
        MaxSendMessageSize = null,
        MaxRetryAttempts = null,
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = tls,
            ConnectTimeout = Patience,
            EnableMultipleHttp2Connections = true,
            // A member behind a broken network is found out also when nothing is asked of it.
            KeepAlivePingDelay = Patience,
            KeepAlivePingTimeout = Patience,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        },
    });

    private static SslClientAuthenticationOptions Tls(EtcdOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CaFile is { } ca)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(ca);
            tls.CertificateChainPolicy = policy;
        }
        if (options.CertificateFile is { } certificate)
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, options.KeyFile)];
        return tls;
    }
}
