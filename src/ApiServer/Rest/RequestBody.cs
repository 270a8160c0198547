using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Audit;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>Reads bodies, at most as large as Kubernetes takes them.</summary>
internal static class RequestBody
{
    public const int Limit = 3 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > Limit) throw Failures.TooLarge(Limit);
        PipeReader reader = http.Request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > Limit) throw Failures.TooLarge(Limit);
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                AuditTrail.Of(http)?.Requested(body, MediaType(http));
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The media type without its parameters; JSON when none is given.</summary>
    public static string MediaType(HttpContext http)
    {
        string type = http.Request.ContentType ?? "";
        int end = type.IndexOf(';', StringComparison.Ordinal);
        type = (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
        return type.Length == 0 ? AnswerForm.Json : type;
    }

    /// <summary>Reads an object.</summary>
    /// <param name="http">The request.</param>
    /// <param name="duplicates">Takes the fields that are there more than once.</param>
    public static async Task<JsonObject> ObjectAsync(HttpContext http, List<string>? duplicates = null)
    {
        string type = MediaType(http);
        if (type is not (AnswerForm.Json or AnswerForm.YamlType or ProtobufForm.Type))
            throw Failures.UnsupportedMediaType(type, $"{AnswerForm.Json}, {AnswerForm.YamlType}, {ProtobufForm.Type}");
        byte[] body = await ReadAsync(http);
        return Parse(body, type, duplicates) as JsonObject ?? throw Failures.BadRequest("the body of the request must be an object");
    }

    public static JsonNode? Parse(byte[] body, string mediaType, List<string>? duplicates = null)
    {
        try
        {
            if (mediaType == ProtobufForm.Type) return ProtobufForm.Parse(body);
            return mediaType.EndsWith("yaml", StringComparison.Ordinal)
                ? YamlForm.Parse(body)
                : DocumentParser.Parse(body, duplicates);
        }
        catch (NotSupportedException)
        {
            // Clients that can, send JSON when they hear this.
            throw Failures.UnsupportedMediaType(mediaType, $"{AnswerForm.Json}, {AnswerForm.YamlType}");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Failures.BadRequest($"the body of the request could not be read: {e.Message}");
        }
    }
}
