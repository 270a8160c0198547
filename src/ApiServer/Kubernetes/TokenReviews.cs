using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Margay.Model.Datastore;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Lets the cluster say whose a token is (authentication.k8s.io/v1 TokenReview). An answer holds for ten seconds. Tokens are not
/// kept, only their hashes.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenReviews(IResourceStore cluster, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly BriefMemory<UserInfo?> _answers = new(time);

    /// <summary>Whose the token is; null when the cluster does not accept it.</summary>
    public async ValueTask<UserInfo?> FindAsync(string token, CancellationToken stop)
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_answers.TryGet(hash, out UserInfo? known)) return known;
        JsonObject status = await ReviewedKinds.AskAsync(cluster, ReviewedKinds.TokenReview, new JsonObject { ["token"] = token }, stop);
        UserInfo? user = status["authenticated"]?.GetValueKind() == System.Text.Json.JsonValueKind.True ? UserOf(status.Child("user")) : null;
        _answers.Keep(hash, user, Life);
        return user;
    }

    private static UserInfo? UserOf(JsonObject? user) => user.Text("username") is not { Length: > 0 } name ? null : new UserInfo(name, [.. user.Texts("groups")])
    {
        Uid = user.Text("uid"),
        Extra = (user.Child("extra") ?? []).ToDictionary(
            e => e.Key, e => (IReadOnlyList<string>)[.. (e.Value as JsonArray ?? []).Select(v => v?.ToString() ?? "")]),
    };
}
