using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Security.Tokens;

/// <summary>Tokens that are not what they say: each is nobody's, told by 401, and nothing falls over.</summary>
public sealed class TokenAttackTests(TestServer server)
{
    private static readonly Dictionary<string, Func<TokenForge, string>> Attacks = new()
    {
        ["no algorithm, no signature"] = f => f.With(TokenForge.Encode("""{"alg":"none"}"""), signature: ""),
        ["no algorithm, in capitals"] = f => f.With(TokenForge.Encode("""{"alg":"NONE","typ":"JWT"}""")),
        ["no algorithm, the key named"] = f => f.With(TokenForge.Encode($$"""{"alg":"none","kid":"{{f.Header["kid"]}}"}"""), signature: ""),
        ["two algorithms in one header"] = f => f.With(TokenForge.Encode($$"""{"alg":"ES256","alg":"none","kid":"{{f.Header["kid"]}}"}"""), signature: ""),
        ["HMAC with the public key in PEM"] = f => Hmac(f, Encoding.ASCII.GetBytes(f.Key.ExportSubjectPublicKeyInfoPem())),
        ["HMAC with the public key in DER"] = f => Hmac(f, f.Key.ExportSubjectPublicKeyInfo()),
        ["HMAC with the point of the public key"] = f => Hmac(f, [.. f.Key.ExportParameters(false).Q.X!, .. f.Key.ExportParameters(false).Q.Y!]),
        ["HMAC with nothing"] = f => Hmac(f, []),
        ["RSA by somebody else"] = f => Rsa(f, RSASignaturePadding.Pkcs1, "RS256"),
        ["RSA PSS by somebody else"] = f => Rsa(f, RSASignaturePadding.Pss, "PS256"),
        ["P-384 by somebody else"] = f => Foreign(f, ECCurve.NamedCurves.nistP384, "ES384"),
        ["P-256 by somebody else under our key's name"] = f => Foreign(f, ECCurve.NamedCurves.nistP256, "ES256"),
        ["our key under another name"] = f => f.Head(h => h["kid"] = "other"),
        ["our key without a name"] = f => f.Head(h => h.Remove("kid")),
        ["our key under an empty name"] = f => f.Head(h => h["kid"] = ""),
        ["a key named by a path"] = f => f.Head(h => h["kid"] = "../../../../dev/null"),
        ["a key named by a number"] = f => f.Head(h => h["kid"] = 1),
        ["a key brought along"] = f => Brought(f, (header, key) => header["jwk"] = new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(key.ExportParameters(false).Q.X), ["y"] = Base64Url.EncodeToString(key.ExportParameters(false).Q.Y),
        }),
        ["a key at an address"] = f => Brought(f, (header, _) => header["jku"] = "https://127.0.0.1:1/jwks"),
        ["a certificate brought along"] = f => Brought(f, (header, _) => header["x5c"] = new JsonArray("MIIB")),
        ["an extension that must be understood"] = f => f.Head(h => (h["crit"], h["exp2"]) = (new JsonArray("exp2"), 1)),
        ["another algorithm named"] = f => f.Head(h => h["alg"] = "ES512"),
        ["an algorithm that is no text"] = f => f.Head(h => h["alg"] = new JsonArray("ES256")),
        ["over"] = f => f.Claim(p => p["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1),
        ["over since 1970"] = f => f.Claim(p => p["exp"] = 0),
        ["over before 1970"] = f => f.Claim(p => p["exp"] = -1),
        ["not yet begun"] = f => f.Claim(p => p["nbf"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60),
        ["made in the future"] = f => f.Claim(p => p["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60),
        ["made at no time"] = f => f.Claim(p => p.Remove("iat")),
        ["without an end"] = f => f.Claim(p => p.Remove("exp")),
        ["an end that is no number"] = f => f.Claim(p => p["exp"] = "never"),
        ["an end beyond all numbers"] = f => f.Claim(p => p["exp"] = 1e300),
        ["an end beyond all calendars"] = f => f.Claim(p => p["exp"] = long.MaxValue),
        ["of another issuer"] = f => f.Claim(p => p["iss"] = "https://evil.example"),
        ["of our issuer, nearly"] = f => f.Claim(p => p["iss"] = $"{p["iss"]}/"),
        ["of no issuer"] = f => f.Claim(p => p.Remove("iss")),
        ["for another audience"] = f => f.Claim(p => p["aud"] = new JsonArray("vault")),
        ["for no audience"] = f => f.Claim(p => p.Remove("aud")),
        ["for an empty list of audiences"] = f => f.Claim(p => p["aud"] = new JsonArray()),
        ["for an audience that is an object"] = f => f.Claim(p => p["aud"] = new JsonObject { ["a"] = "b" }),
        ["about another account than it says"] = f => f.Claim(p => p["sub"] = "system:serviceaccount:kube-system:default"),
        ["about an administrator"] = f => f.Claim(p => p["sub"] = "margay-admin"),
        ["about nobody"] = f => f.Claim(p => p.Remove("sub")),
        ["about an account without a name"] = f => f.Claim(p => Account(p)["name"] = ""),
        ["without objects"] = f => f.Claim(p => p.Remove("kubernetes.io")),
        ["with objects that are none"] = f => f.Claim(p => p["kubernetes.io"] = "x"),
        ["without a uid"] = f => f.Claim(p => Account(p).Remove("uid")),
        ["with another uid"] = f => f.Claim(p => Account(p)["uid"] = Guid.NewGuid().ToString()),
        ["of another namespace"] = f => f.Claim(p => (p["kubernetes.io"]!["namespace"], p["sub"]) = ("default", $"system:serviceaccount:default:{Account(p)["name"]}")),
        ["of a name with a slash"] = f => f.Claim(p => (Account(p)["name"], p["sub"]) = ("../x", $"system:serviceaccount:{p["kubernetes.io"]!["namespace"]}:../x")),
        ["bound to a pod that is not there"] = f => f.Claim(p => p["kubernetes.io"]!["pod"] = new JsonObject { ["name"] = "p", ["uid"] = "1" }),
        ["bound to a secret that is not there"] = f => f.Claim(p => p["kubernetes.io"]!["secret"] = new JsonObject { ["name"] = "s", ["uid"] = "1" }),
        ["bound to a node that is not there"] = f => f.Claim(p => p["kubernetes.io"]!["node"] = new JsonObject { ["name"] = "n", ["uid"] = "" }),
        ["a payload changed"] = f => f.With(payload: TokenForge.Encode(Changed(f.Payload, "exp", 9_999_999_999).ToJsonString())),
        ["a header changed"] = f => f.With(TokenForge.Encode(Changed(f.Header, "typ", "at+jwt").ToJsonString())),
        ["a signature cut short"] = f => f.With(signature: f.Signature[..40]),
        ["a signature of zeros"] = f => f.With(signature: Base64Url.EncodeToString(new byte[64])),
        ["a signature in DER"] = f => TokenForge.Sign(f.Header.ToJsonString(), f.Payload.ToJsonString(), d => f.Key.SignData(d, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
        ["a signature with a tail"] = f => f.With(signature: f.Signature + "AAAA"),
        ["no signature"] = f => f.With(signature: ""),
        ["cut in the middle"] = f => f.Good[..(f.Good.Length / 2)],
        ["two parts"] = f => f.Good[..f.Good.LastIndexOf('.')],
        ["four parts"] = f => f.Good + ".e30",
        ["an encrypted one"] = f => $"{TokenForge.Encode("""{"alg":"dir","enc":"A256GCM","zip":"DEF"}""")}..AAAA.AAAA.AAAA",
        ["a part that is no base64"] = f => f.With(payload: "!!!"),
        ["a payload that is no JSON"] = f => TokenForge.Sign(f.Header.ToJsonString(), "{", d => f.Key.SignData(d, HashAlgorithmName.SHA256)),
        ["a payload of deep lists"] = f => TokenForge.Sign(f.Header.ToJsonString(), $"{f.Payload.ToJsonString()[..^1]},\"deep\":{new string('[', 500)}{new string(']', 500)}}}", d => f.Key.SignData(d, HashAlgorithmName.SHA256)),
        ["a payload that is a list"] = f => TokenForge.Sign(f.Header.ToJsonString(), "[]", d => f.Key.SignData(d, HashAlgorithmName.SHA256)),
        ["larger than any of ours"] = f => f.Claim(p => p["large"] = new string('x', 14_000)),
        ["only dots"] = _ => "..",
        ["no token"] = _ => "",
        ["a word"] = _ => "null",
    };

    public static IEnumerable<TheoryDataRow<string>> Names => Attacks.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_token_is_nobodys(string name)
    {
        string space = await server.NamespaceAsync();
        using var forge = new TokenForge(server.Pki, await TokenTests.TokenAsync(server, space, "robot", create: true));
        string token = Attacks[name](forge);
        Assert.NotEqual(forge.Good, token);

        (await WhoAsync(forge.Good)).Expect(201);
        (await WhoAsync(token)).Expect(401, "Unauthorized");
        if (token.Length == 0) return;
        var review = new JsonObject { ["spec"] = new JsonObject { ["token"] = token } };
        Answer reviewed = (await server.Client.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", review.ToJsonString())).Expect(201);
        Assert.False((bool?)reviewed.Json["status"]!["authenticated"]);
    }

    private async Task<Answer> WhoAsync(string token)
    {
        using var client = new ApiClient(server.Host.Address, server.Authority, null);
        return await client.SendAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", headers: [("Authorization", $"Bearer {token}")]);
    }

    private static JsonObject Account(JsonObject payload) => (JsonObject)payload["kubernetes.io"]!["serviceaccount"]!;

    private static JsonObject Changed(JsonObject document, string name, JsonNode value)
    {
        document[name] = value;
        return document;
    }

    private static string Hmac(TokenForge forge, byte[] key) =>
        TokenForge.Sign(Changed(forge.Header, "alg", "HS256").ToJsonString(), forge.Payload.ToJsonString(), data => HMACSHA256.HashData(key, data));

    private static string Rsa(TokenForge forge, RSASignaturePadding padding, string algorithm)
    {
        using RSA key = RSA.Create(2048);
        return TokenForge.Sign(Changed(forge.Header, "alg", algorithm).ToJsonString(), forge.Payload.ToJsonString(), data => key.SignData(data, HashAlgorithmName.SHA256, padding));
    }

    private static string Foreign(TokenForge forge, ECCurve curve, string algorithm)
    {
        using ECDsa key = ECDsa.Create(curve);
        return TokenForge.Sign(Changed(forge.Header, "alg", algorithm), forge.Payload.ToJsonString(), key);
    }

    private static string Brought(TokenForge forge, Action<JsonObject, ECDsa> bring)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        JsonObject header = forge.Header;
        bring(header, key);
        return TokenForge.Sign(header, forge.Payload.ToJsonString(), key);
    }
}
