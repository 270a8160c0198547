using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Rest;

/// <summary>Where the next part of a list starts: the revision of the first part, and the last key of this one.</summary>
internal readonly record struct ContinueToken(long Revision, string After)
{
    public override string ToString() => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(new JsonObject { ["rv"] = Revision, ["after"] = After }.ToJsonString()));

    /// <param name="token">What a client sent back.</param>
    /// <param name="prefix">The collection it must be of.</param>
    public static ContinueToken Parse(string token, string prefix)
    {
        try
        {
            var read = DocumentParser.Parse(Base64Url.DecodeFromChars(token)) as JsonObject;
            if (read.Whole("rv") is { } revision and > 0 && read.Text("after") is { Length: > 0 } after
                && after.StartsWith(prefix, StringComparison.Ordinal))
                return new ContinueToken(revision, after);
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            throw Failures.BadRequest($"continue key is not valid: {e.Message}");
        }
        throw Failures.BadRequest("continue key is not valid: it is not one of this list");
    }
}
