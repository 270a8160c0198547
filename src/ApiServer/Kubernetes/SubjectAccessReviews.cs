using System.Text;
using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Margay.Model.Datastore;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Lets the cluster decide who may do what (authorization.k8s.io/v1 SubjectAccessReview). An answer holds for ten seconds, for
/// either outcome, as in Kubernetes' own aggregated servers; without an answer nothing is allowed.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="time">The clock.</param>
internal sealed class SubjectAccessReviews(IResourceStore cluster, TimeProvider time) : IAuthorizer
{
    /// <summary>How long an answer holds.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly BriefMemory<AccessDecision> _answers = new(time);

    public async ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken stop)
    {
        // They may do everything in the cluster, whatever roles say; and the cluster's own components need no round trip.
        if (request.User.Groups.Contains(RoleAuthorizer.Masters)) return new(true, $"the group {RoleAuthorizer.Masters} may do everything");
        JsonObject spec = SpecOf(request);
        string question = spec.ToJsonString();
        if (_answers.TryGet(question, out AccessDecision known)) return known;
        JsonObject status = await ReviewedKinds.AskAsync(cluster, ReviewedKinds.SubjectAccessReview, spec, stop);
        bool allowed = status["allowed"]?.GetValueKind() == System.Text.Json.JsonValueKind.True && status["denied"]?.GetValueKind() != System.Text.Json.JsonValueKind.True;
        var decision = new AccessDecision(allowed, Reason(status));
        _answers.Keep(question, decision, Life);
        return decision;
    }

    public ValueTask<IReadOnlyList<AccessRule>> RulesAsync(UserInfo user, string space, CancellationToken stop) =>
        throw new NotSupportedException("the cluster's API server answers SelfSubjectRulesReview");

    private static JsonObject SpecOf(AccessRequest request)
    {
        var spec = new JsonObject { ["user"] = request.User.Name };
        if (request.User.Groups.Count > 0) spec["groups"] = Texts(request.User.Groups);
        if (request.User.Uid.Length > 0) spec["uid"] = request.User.Uid;
        if (request.User.Extra.Count > 0)
            spec["extra"] = new JsonObject(request.User.Extra.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Texts(e.Value))));
        if (request.Resource.Length == 0) spec["nonResourceAttributes"] = new JsonObject { ["path"] = request.Path, ["verb"] = request.Verb };
        else spec["resourceAttributes"] = Attributes(request);
        return spec;
    }

    private static JsonObject Attributes(AccessRequest request)
    {
        var attributes = new JsonObject { ["verb"] = request.Verb, ["group"] = request.Group, ["resource"] = request.Resource };
        void Add(string field, string value)
        {
            if (value.Length > 0) attributes[field] = value;
        }
        Add("version", request.Version);
        Add("subresource", request.Subresource);
        Add("namespace", request.Namespace);
        Add("name", request.Name);
        return attributes;
    }

    private static string Reason(JsonObject status)
    {
        var reason = new StringBuilder(status.Text("reason"));
        if (status.Text("evaluationError") is { Length: > 0 } error) reason.Append(reason.Length == 0 ? "" : "; ").Append(error);
        return reason.ToString();
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
