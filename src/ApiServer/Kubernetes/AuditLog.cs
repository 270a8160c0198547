using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Notes every answered request as Kubernetes does (audit.k8s.io/v1 Event, level Metadata, stage ResponseComplete), a line each,
/// under the identifier that the cluster's API server gave it, so that both logs can be joined. The annotations say who decided
/// that it may be made, and why.
/// </summary>
internal sealed class AuditLog : IAsyncDisposable
{
    private const string IdHeader = "Audit-ID";
    private const int Waiting = 4096;

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly TimeProvider _time;
    private readonly Task _writing;

    private AuditLog(FileStream file, TimeProvider time, ILogger logger)
    {
        _time = time;
        _writing = Task.Run(() => WriteAsync(file, logger));
    }

    public static AuditLog Open(string path, TimeProvider time, ILogger logger)
    {
        try
        {
            return new AuditLog(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), time, logger);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new Hosting.StartException($"--audit-log-path {path} cannot be written: {cause.Message}", cause);
        }
    }

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        DateTimeOffset received = _time.GetUtcNow();
        string id = http.Request.Headers[IdHeader].ToString() is { Length: > 0 and <= 64 } given ? given : Guid.NewGuid().ToString();
        // At the last moment: a failure begins its answer anew.
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[IdHeader] = id;
            return Task.CompletedTask;
        });
        AuditedDecisions.Begin(http);
        try
        {
            await next(http);
        }
        finally
        {
            // Waits for room: a request that is not noted was not made.
            await _lines.Writer.WriteAsync(Line(http, id, received), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync(FileStream file, ILogger logger)
    {
        await using (file)
        {
            bool told = false;
            await foreach (byte[] line in _lines.Reader.ReadAllAsync())
            {
                try
                {
                    await file.WriteAsync(line);
                    if (!_lines.Reader.TryPeek(out _)) await file.FlushAsync();
                    told = false;
                }
                catch (IOException cause)
                {
                    if (!told) logger.AuditUnwritten(file.Name, cause.Message);
                    told = true;
                }
            }
        }
    }

    private byte[] Line(HttpContext http, string id, DateTimeOffset received)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "Event");
            json.WriteString("apiVersion", "audit.k8s.io/v1");
            json.WriteString("level", "Metadata");
            json.WriteString("auditID", id);
            json.WriteString("stage", "ResponseComplete");
            json.WriteString("requestURI", $"{http.Request.Path}{http.Request.QueryString}");
            UserInfo? user = UserInfo.Of(http);
            var asked = user is null ? null : AccessRequest.Of(http, user);
            json.WriteString("verb", asked?.Verb ?? http.Request.Method.ToLowerInvariant());
            if (user is not null) User(json, user);
            json.WriteStartArray("sourceIPs");
            json.WriteStringValue($"{http.Connection.RemoteIpAddress}");
            json.WriteEndArray();
            json.WriteString("userAgent", http.Request.Headers.UserAgent.ToString());
            if (asked is { Resource.Length: > 0 }) Reference(json, asked);
            json.WriteStartObject("responseStatus");
            json.WriteNumber("code", http.Response.StatusCode);
            json.WriteEndObject();
            json.WriteString("requestReceivedTimestamp", Stamp(received));
            json.WriteString("stageTimestamp", Stamp(_time.GetUtcNow()));
            Annotations(json, AuditedDecisions.Of(http));
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void User(Utf8JsonWriter json, UserInfo user)
    {
        json.WriteStartObject("user");
        json.WriteString("username", user.Name);
        if (user.Uid.Length > 0) json.WriteString("uid", user.Uid);
        json.WriteStartArray("groups");
        foreach (string group in user.Groups) json.WriteStringValue(group);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter json, AccessRequest asked)
    {
        json.WriteStartObject("objectRef");
        json.WriteString("resource", asked.Resource);
        if (asked.Namespace.Length > 0) json.WriteString("namespace", asked.Namespace);
        if (asked.Name.Length > 0) json.WriteString("name", asked.Name);
        json.WriteString("apiGroup", asked.Group);
        json.WriteString("apiVersion", asked.Version);
        if (asked.Subresource.Length > 0) json.WriteString("subresource", asked.Subresource);
        json.WriteEndObject();
    }

    private static void Annotations(Utf8JsonWriter json, AccessDecision? decision)
    {
        if (decision is not { } decided) return;
        json.WriteStartObject("annotations");
        json.WriteString("authorization.k8s.io/decision", decided.Allowed ? "allow" : "forbid");
        json.WriteString("authorization.k8s.io/reason", decided.Reason);
        json.WriteEndObject();
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
