using System.Text;
using System.Text.Json.Nodes;
using Margay.Model.Yaml;

namespace Margay.ApiServer.Rest;

/// <summary>YAML in and out. JSON is YAML, so what looks like JSON is read as JSON: faster, and with repeated fields told.</summary>
internal static class YamlForm
{
    /// <exception cref="FormatException">It is not YAML.</exception>
    public static JsonNode? Parse(byte[] body)
    {
        if (body.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8)) return DocumentParser.Parse(body);
        try
        {
            return YamlReader.ReadOne(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body), "the body");
        }
        catch (Exception e) when (e is YamlSyntaxException or DecoderFallbackException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    public static byte[] Render(JsonNode? node) => Encoding.UTF8.GetBytes(YamlWriter.Write(node));
}
