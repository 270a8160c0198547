using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// The server's certificate: of files, read again when they change, or made by an authority in a folder. What follows it in the file, the
/// authorities between it and a root, is shown with it.
/// </summary>
internal sealed class OwnCertificate
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private readonly AggregatedOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _current;
    private string _text = "";
    private long _lookedAt;

    public OwnCertificate(AggregatedOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        if ((options.CertificateFile is null) != (options.KeyFile is null))
            throw new StartException("--tls-cert-file and --tls-private-key-file go together");
        if (options.CertificateFile is null && options.CertificateDirectory is null)
            throw new StartException("no certificate to serve with: give --tls-cert-file and --tls-private-key-file, or --cert-dir to have one made");
        try
        {
            _current = options.CertificateFile is null ? Make() : ReadFiles();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException($"the server's certificate cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>The certificate to show now.</summary>
    public X509Certificate2 Current => Shown.TargetCertificate;

    /// <summary>The certificate to show now, with those that lead to a root.</summary>
    public SslStreamCertificateContext Shown
    {
        get
        {
            lock (_lock)
            {
                if (_options.CertificateFile is null || _time.GetElapsedTime(_lookedAt) < LookAgain) return _current;
                _lookedAt = _time.GetTimestamp();
                try
                {
                    // The text, not the time: a file of a Secret's volume is a link that never changes, into a folder that does.
                    if (File.ReadAllText(_options.CertificateFile) != _text) _current = ReadFiles();
                }
                catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException)
                {
                    // Half-written: the one that we have goes on, and the next look may find it whole.
                    return _current;
                }
                return _current;
            }
        }
    }

    /// <summary>Makes the certificate anew if that of the folder is near its end, or another authority is there.</summary>
    public void Renew()
    {
        SslStreamCertificateContext made = Make();
        lock (_lock) _current = made;
    }

    private SslStreamCertificateContext ReadFiles()
    {
        _lookedAt = _time.GetTimestamp();
        string text = File.ReadAllText(_options.CertificateFile!);
        var read = X509Certificate2.CreateFromPem(text, File.ReadAllText(_options.KeyFile!));
        var file = new X509Certificate2Collection();
        file.ImportFromPem(text);
        // Offline: nobody is asked for what the file does not have.
        var shown = SslStreamCertificateContext.Create(read, file, offline: true);
        _text = text;
        return shown;
    }

    private SslStreamCertificateContext Make()
    {
        string folder = _options.CertificateDirectory!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var names = new List<string> { "localhost", "127.0.0.1", "::1" };
        names.AddRange(_options.Listen.Select(listen => listen.Address.ToString()).Where(address => address is not ("0.0.0.0" or "::")));
        names.AddRange(_options.AlternativeNames);
        return SslStreamCertificateContext.Create(CertificateAuthority.Open(folder, _time).Server(folder, names), null, offline: true);
    }
}
