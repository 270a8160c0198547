using System.IO.Compression;
using System.Text.Json.Nodes;
using Margay.ApiServer.Audit;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>Writes answers.</summary>
internal static class Answers
{
    /// <summary>Smaller bodies cost more to compress than to send; Kubernetes draws the line here too.</summary>
    private const int CompressFrom = 128 * 1024;

    public static async Task SendAsync(HttpContext http, int code, byte[] json, bool yaml = false)
    {
        AuditTrail.Of(http)?.Answered(json);
        byte[] body = yaml ? YamlForm.Render(DocumentParser.Parse(json)) : json;
        http.Response.StatusCode = code;
        http.Response.ContentType = yaml ? AnswerForm.YamlType : AnswerForm.Json;
        http.Response.Headers.CacheControl = "no-cache, private";
        if (body.Length >= CompressFrom && AcceptsGzip(http))
        {
            http.Response.Headers.ContentEncoding = "gzip";
            http.Response.Headers.Vary = "Accept-Encoding";
            await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(body, http.RequestAborted);
            return;
        }
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    public static Task SendAsync(HttpContext http, int code, JsonNode body, bool yaml = false) =>
        SendAsync(http, code, StoredForm.Render(body), yaml);

    /// <summary>Tells people something beside the answer (RFC 7234, code 299).</summary>
    public static void Warn(HttpContext http, string message)
    {
        string escaped = message.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        http.Response.Headers.Append("Warning", $"299 - \"{string.Concat(escaped.Where(c => c is >= ' ' and < (char)127))}\"");
    }

    private static bool AcceptsGzip(HttpContext http) =>
        http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
}
