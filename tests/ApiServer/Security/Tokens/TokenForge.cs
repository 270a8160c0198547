using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Security.Tokens;

/// <summary>Makes tokens by hand, good and bad ones: from a good token, with the server's key, as nobody outside could, or without.</summary>
internal sealed class TokenForge : IDisposable
{
    private readonly string[] _parts;

    public TokenForge(string pki, string good)
    {
        Good = good;
        _parts = good.Split('.');
        Key.ImportFromPem(File.ReadAllText(Path.Combine(pki, "sa.key")));
    }

    public string Good { get; }

    public ECDsa Key { get; } = ECDsa.Create();

    public JsonObject Header => Parse(_parts[0]);

    public JsonObject Payload => Parse(_parts[1]);

    public string Signature => _parts[2];

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>A token signed by the server's own key, with another payload.</summary>
    public string Claim(Action<JsonObject> change)
    {
        JsonObject payload = Payload;
        change(payload);
        return Sign(Header, payload.ToJsonString(), Key);
    }

    /// <summary>A token signed by the server's own key, with another header.</summary>
    public string Head(Action<JsonObject> change)
    {
        JsonObject header = Header;
        change(header);
        return Sign(header, Payload.ToJsonString(), Key);
    }

    public static string Sign(JsonObject header, string payload, ECDsa key) => Sign(header.ToJsonString(), payload,
        data => key.SignData(data, key.KeySize == 384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256));

    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        string body = $"{Encode(header)}.{Encode(payload)}";
        return $"{body}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(body)))}";
    }

    /// <summary>The good token with parts replaced.</summary>
    public string With(string? header = null, string? payload = null, string? signature = null) =>
        $"{header ?? _parts[0]}.{payload ?? _parts[1]}.{signature ?? _parts[2]}";

    public void Dispose() => Key.Dispose();

    private static JsonObject Parse(string part) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(part))!;
}
