using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Margay.ApiServer.Hosting;

/// <summary>Where the server listens and what it is called.</summary>
internal static class Listeners
{
    public const int StreamsPerConnection = 1000;

    public static void Configure(KestrelServerOptions kestrel, ApiServerOptions options, X509Certificate2 certificate)
    {
        Limit(kestrel);
        foreach (IPEndPoint address in options.Listen) kestrel.Listen(address, listen => Secure(listen, certificate));
        foreach (int descriptor in options.ListenDescriptors) kestrel.ListenHandle((ulong)descriptor, listen => Secure(listen, certificate));
    }

    /// <summary>What every server of ours takes from a client.</summary>
    public static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // One more than allowed, so that it is our own answer that refuses.
        kestrel.Limits.MaxRequestBodySize = RequestBody.Limit + 1;
        // A client keeps all its watches on one connection.
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        kestrel.Limits.MinResponseDataRate = null;
    }

    /// <summary>The names and addresses in the server's certificate.</summary>
    public static IReadOnlyCollection<string> Names(ApiServerOptions options)
    {
        var names = new List<string>
        {
            "localhost", "127.0.0.1", "::1", Dns.GetHostName(),
            "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
        };
        names.AddRange(options.Listen.Where(l => !IsAny(l.Address)).Select(l => l.Address.ToString()));
        names.AddRange(options.AlternativeNames);
        if (options.Advertise is { } advertised) names.Add(SplitHost(advertised).Host.Trim('[', ']'));
        return names;
    }

    /// <summary>The address for kubeconfigs.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="bound">What the server listens at.</param>
    public static string Advertised(ApiServerOptions options, ICollection<string> bound)
    {
        if (options.Advertise is { } advertised) return $"https://{SplitHost(advertised).Host}:{SplitHost(advertised).Port}";
        IPEndPoint local = options.Listen.Count > 0 ? Bound(options.Listen[0], bound) : OfDescriptor(options.ListenDescriptors[0]);
        IPAddress address = !IsAny(local.Address) ? local.Address
            : local.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        return $"https://{new IPEndPoint(address, local.Port)}";
    }

    /// <summary>All places, for messages.</summary>
    public static string Describe(ApiServerOptions options) =>
        string.Join(", ", [.. options.Listen.Select(l => $"{l}"), .. options.ListenDescriptors.Select(d => $"descriptor {d}")]);

    public static TokenFile Tokens(ApiServerOptions options)
    {
        if (options.TokenFile is not { } path) return TokenFile.None;
        try
        {
            return TokenFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartException($"--token-file cannot be read: {e.Message}", e);
        }
    }

    public static void Secure(ListenOptions listen, X509Certificate2 certificate) => listen.UseHttps(https =>
    {
        https.ServerCertificate = certificate;
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        // Judged by Authentication, which can answer with a Status; a handshake could only break off.
        https.AllowAnyClientCertificate();
    });

    /// <summary>With port 0 the system has chosen one.</summary>
    private static IPEndPoint Bound(IPEndPoint asked, ICollection<string> bound)
    {
        if (asked.Port != 0) return asked;
        int port = bound.Select(b => new Uri(b)).First(u => IPAddress.TryParse(u.Host.Trim('[', ']'), out var a) && a.Equals(asked.Address)).Port;
        return new IPEndPoint(asked.Address, port);
    }

    private static IPEndPoint OfDescriptor(int descriptor)
    {
        using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static (string Host, int Port) SplitHost(string advertised)
    {
        int colon = advertised.LastIndexOf(':');
        return colon > 0 && int.TryParse(advertised[(colon + 1)..], out int port)
            ? (advertised[..colon], port)
            : throw new StartException($"--advertise {advertised}: expected host:port");
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
