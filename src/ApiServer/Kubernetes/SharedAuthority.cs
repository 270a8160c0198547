using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Security;
using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// The authority that all aggregated servers of a cluster sign their own certificates with. A Secret keeps it, filled by whoever comes
/// first; the APIService gets its certificate, so that the cluster's API server believes every one of them. What the Secret says holds:
/// an empty one asks for a new authority, whatever the folder has.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="options">Secret, APIService and folder.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedAuthority(IResourceStore cluster, AggregatedOptions options, TimeProvider time)
{
    private const string Certificate = "ca.crt";
    private const string Key = "ca.key";

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = options.CertificateDirectory ?? "";

    /// <summary>Where Kubernetes registers API servers.</summary>
    public static KindInfo ApiServices { get; } = new KindInfo<AnyResource>(ModelJson.Default.AnyResource, ModelJson.Default.AnyResourceList)
    {
        Group = "apiregistration.k8s.io", Version = "v1", Kind = "APIService", Plural = "apiservices", Namespaced = false,
    };

    /// <summary>Has the authority in the folder before the server makes its certificate, trying for a while.</summary>
    /// <exception cref="StartException">The Secret cannot be had.</exception>
    public async Task PrepareAsync(CancellationToken stop)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await FetchAsync(stop);
                return;
            }
            catch (Exception cause) when (IsTrouble(cause))
            {
                if (time.GetElapsedTime(began) > Patience) throw new StartException($"the authority of Secret {options.AuthoritySecret} cannot be had: {cause.Message}", cause);
                await Task.Delay(Retry, time, stop);
            }
        }
    }

    /// <summary>Follows the Secret, has certificates renewed, and keeps the APIService told, until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(Action renew, ILogger logger, CancellationToken stop)
    {
        string? told = null;
        while (true)
        {
            try
            {
                await FetchAsync(stop);
                renew();
                await TellAsync(stop);
                told = null;
            }
            catch (Exception cause) when (IsTrouble(cause))
            {
                if (told is null) logger.AuthorityNotTold(options.ApiService, cause.Message);
                told = cause.Message;
            }
            await Task.Delay(told is null ? Period : Retry, time, stop);
        }
    }

    /// <summary>Makes the folder's authority that of the Secret; fills the Secret where it is empty, and makes it where there is none.</summary>
    public async Task FetchAsync(CancellationToken stop)
    {
        var (space, name) = Parse(options.AuthoritySecret!);
        Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        while (true)
        {
            Secret? kept = await cluster.FindAsync<Secret>(space, name, stop);
            if (kept is { Data.Count: > 0 })
            {
                Take(kept);
                return;
            }
            using X509Certificate2 made = CertificateAuthority.Make(time);
            try
            {
                if (kept is null) await cluster.CreateAsync(Pack(new Secret { Metadata = { Namespace = space, Name = name }, Type = "Opaque" }, made), stop);
                else await cluster.UpdateAsync(Pack(kept, made), stop);
            }
            catch (ApiException first) when (first.IsAlreadyExists || first.IsConflict || (first.IsNotFound && kept is not null))
            {
                // Another server filled it meanwhile, or somebody took it away: what is there now holds.
            }
        }
    }

    /// <summary>Puts the authority's certificate into the APIService, if it is not there.</summary>
    public async Task TellAsync(CancellationToken stop)
    {
        string bundle = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(_folder, Certificate), stop));
        while (true)
        {
            var service = (AnyResource)await cluster.GetAsync(ApiServices, null, options.ApiService, stop);
            if (service.Other?.GetValueOrDefault("spec") is not { ValueKind: JsonValueKind.Object } element) return;
            JsonObject spec = JsonObject.Create(element)!;
            if ((string?)spec["caBundle"] == bundle) return;
            spec["caBundle"] = bundle;
            service.Other["spec"] = JsonSerializer.SerializeToElement(spec, ModelJson.Default.JsonObject);
            try
            {
                await cluster.UpdateAsync(ApiServices, service, null, stop);
                return;
            }
            catch (ApiException moved) when (moved.IsConflict)
            {
                // Another server told it at this moment, or somebody changed something else.
            }
        }
    }

    /// <summary>Reads NAMESPACE/NAME.</summary>
    /// <exception cref="StartException">It is not that.</exception>
    public static (string Space, string Name) Parse(string text) =>
        text.Split('/') is [{ Length: > 0 } space, { Length: > 0 } name] ? (space, name) : throw new StartException($"--authority-secret {text}: expected NAMESPACE/NAME");

    private void Take(Secret kept)
    {
        if (kept.Data?.GetValueOrDefault(Certificate) is not { } certificate || kept.Data.GetValueOrDefault(Key) is not { } key)
            throw new CryptographicException($"Secret {options.AuthoritySecret} has no {Certificate} and {Key}; empty it, or name another one");
        using var authority = X509Certificate2.CreateFromPem(Text(certificate), Text(key));
        if (PemFiles.Exists(_folder, "ca") && PemFiles.Read(_folder, "ca") is var mine && mine.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span)) return;
        PemFiles.Write(_folder, "ca", authority);
    }

    private static Secret Pack(Secret secret, X509Certificate2 made)
    {
        secret.Data = new() { [Certificate] = Bytes(made.ExportCertificatePem() + "\n"), [Key] = Bytes(PemFiles.KeyPem(made)) };
        return secret;
    }

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static string Bytes(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static bool IsTrouble(Exception cause) => cause is ApiException or HttpRequestException or IOException or UnauthorizedAccessException or CryptographicException or FormatException;
}
