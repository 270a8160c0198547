using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Security.Tokens;

/// <summary>An object that a token names; the token ends with it.</summary>
/// <param name="Kind">Pod, Secret or Node.</param>
/// <param name="Name">The name.</param>
/// <param name="Uid">Which one of that name.</param>
internal sealed record BoundObject(string Kind, string Name, string Uid)
{
    /// <summary>The kinds that a token can be bound to, with the claim that names them.</summary>
    public static IReadOnlyDictionary<string, string> Claims { get; } =
        new Dictionary<string, string> { ["Pod"] = "pod", ["Secret"] = "secret", ["Node"] = "node" };

    /// <summary>The object as a claim has it.</summary>
    public JsonObject Claim() => new() { ["name"] = Name, ["uid"] = Uid };

    /// <summary>Reads a claim; null when it is not there.</summary>
    public static BoundObject? Read(JsonObject claims, string kind) => claims.Child(Claims[kind]) is { } claim
        ? new BoundObject(kind, claim.Text("name"), claim.Text("uid"))
        : null;
}
