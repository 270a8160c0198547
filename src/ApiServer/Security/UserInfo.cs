using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Security;

/// <summary>Who a request comes from (authentication.k8s.io/v1 UserInfo).</summary>
/// <param name="Name">The user.</param>
/// <param name="Groups">The groups.</param>
internal sealed record UserInfo(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>The group of everybody who is known.</summary>
    public const string Authenticated = "system:authenticated";

    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    /// <summary>What tells this user from an earlier one of the same name; empty when nothing does.</summary>
    public string Uid { get; init; } = "";

    /// <summary>What else is known, for example the pod that a token belongs to.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = Nothing;

    /// <summary>The user as an object of the API.</summary>
    public JsonObject Describe()
    {
        var described = new JsonObject { ["username"] = Name };
        if (Uid.Length > 0) described["uid"] = Uid;
        described["groups"] = Array(Groups);
        if (Extra.Count == 0) return described;
        var extra = new JsonObject();
        foreach (var (key, values) in Extra) extra[key] = Array(values);
        described["extra"] = extra;
        return described;
    }

    /// <summary>Who makes a request; null for nobody.</summary>
    public static UserInfo? Of(HttpContext http) => http.Features.Get<UserInfo>();

    /// <summary>From here on the request is this user's.</summary>
    public void Take(HttpContext http) => http.Features.Set(this);

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
