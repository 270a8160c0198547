using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Margay.ApiServer.Security.Tokens;

/// <summary>
/// The key that signs the tokens of service accounts: P-256, made at first start as <c>pki/sa.key</c>, readable by its owner
/// only. It has nothing to do with the authority's key. Taking the file away makes a new key and every token void.
/// </summary>
internal sealed class SigningKey : IDisposable
{
    public const string Algorithm = SecurityAlgorithms.EcdsaSha256;

    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        // As Kubernetes names keys: by the digest of the public key, so that the same key has the same name everywhere.
        Id = Base64UrlEncoder.Encode(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        Private = new ECDsaSecurityKey(key) { KeyId = Id };
        ECParameters parameters = key.ExportParameters(includePrivateParameters: false);
        Public = new ECDsaSecurityKey(ECDsa.Create(parameters)) { KeyId = Id };
        Document = new JsonObject
        {
            ["use"] = "sig", ["kty"] = "EC", ["kid"] = Id, ["crv"] = "P-256", ["alg"] = Algorithm,
            ["x"] = Base64UrlEncoder.Encode(parameters.Q.X), ["y"] = Base64UrlEncoder.Encode(parameters.Q.Y),
        };
    }

    /// <summary>The name of the key.</summary>
    public string Id { get; }

    /// <summary>What signs.</summary>
    public SecurityKey Private { get; }

    /// <summary>What verifies.</summary>
    public SecurityKey Public { get; }

    /// <summary>The public key as a JSON Web Key (RFC 7517).</summary>
    public JsonObject Document { get; }

    /// <summary>Opens the key of a folder, or makes it.</summary>
    /// <exception cref="CryptographicException">The file is not a P-256 key.</exception>
    public static SigningKey Open(string folder)
    {
        string path = Path.Combine(folder, "sa.key");
        if (!File.Exists(path))
        {
            using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PemFiles.WriteFile(path, made.ExportPkcs8PrivateKeyPem() + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.KeySize != 256) throw new CryptographicException($"the key has {key.KeySize} bits, not 256");
            return new SigningKey(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new CryptographicException($"{path} is not a P-256 key in PEM: {e.Message}", e);
        }
    }

    public void Dispose() => _key.Dispose();
}
