using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Kubernetes;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage;
using Margay.Model.Datastore.Fake;

namespace Margay.ApiServer.Tests.Kubernetes;

public sealed class ReviewTests
{
    private static readonly UserInfo Ann = new("ann", ["devs", "system:authenticated"]) { Uid = "7", Extra = new Dictionary<string, IReadOnlyList<string>> { ["scopes"] = ["a", "b"] } };

    private readonly HandClock _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cluster_is_told_everything_about_the_request_and_its_word_holds()
    {
        var cluster = new ReviewingCluster((_, spec) => new JsonObject { ["allowed"] = spec["resourceAttributes"]!["name"]!.ToString() == "mine", ["reason"] = "by a role" });
        var authorizer = new SubjectAccessReviews(cluster, _time);
        Assert.Equal(new AccessDecision(true, "by a role"), await authorizer.DecideAsync(Get("mine"), Stop));
        Assert.False((await authorizer.DecideAsync(Get("theirs"), Stop)).Allowed);
        Assert.Equal(
            """{"user":"ann","groups":["devs","system:authenticated"],"uid":"7","extra":{"scopes":["a","b"]},"resourceAttributes":{"verb":"get","group":"projectcalico.org","resource":"tiers","version":"v3","name":"mine"}}""",
            cluster.Asked[0].ToJsonString());
    }

    [Fact]
    public async Task An_answer_holds_for_ten_seconds_and_for_the_same_request_only()
    {
        bool allowed = true;
        var cluster = new ReviewingCluster((_, _) => new JsonObject { ["allowed"] = allowed });
        var authorizer = new SubjectAccessReviews(cluster, _time);
        Assert.True((await authorizer.DecideAsync(Get("a"), Stop)).Allowed);
        allowed = false;
        Assert.True((await authorizer.DecideAsync(Get("a"), Stop)).Allowed);
        Assert.False((await authorizer.DecideAsync(Get("b"), Stop)).Allowed);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False((await authorizer.DecideAsync(Get("a"), Stop)).Allowed);
        Assert.Equal(3, cluster.Asked.Count);
    }

    [Fact]
    public async Task A_denial_outweighs_an_allowance()
    {
        var cluster = new ReviewingCluster((_, _) => new JsonObject { ["allowed"] = true, ["denied"] = true });
        Assert.False((await new SubjectAccessReviews(cluster, _time).DecideAsync(Get("a"), Stop)).Allowed);
    }

    [Fact]
    public async Task Without_an_answer_nothing_is_allowed_and_nothing_is_remembered()
    {
        var broken = new InMemoryDatastore { Intercept = (_, _, _) => throw new HttpRequestException("refused") };
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await new SubjectAccessReviews(broken, _time).DecideAsync(Get("a"), Stop));
    }

    [Fact]
    public async Task Paths_are_asked_about_as_paths()
    {
        var cluster = new ReviewingCluster((_, _) => new JsonObject { ["allowed"] = true });
        await new SubjectAccessReviews(cluster, _time).DecideAsync(new AccessRequest(Ann, "get") { Path = "/openapi/v2" }, Stop);
        Assert.Equal("""{"path":"/openapi/v2","verb":"get"}""", cluster.Asked[0]["nonResourceAttributes"]!.ToJsonString());
    }

    [Fact]
    public async Task A_token_is_whose_the_cluster_says_it_is()
    {
        var cluster = new ReviewingCluster((_, spec) => spec["token"]!.ToString() == "good"
            ? new JsonObject { ["authenticated"] = true, ["user"] = new JsonObject { ["username"] = "ann", ["groups"] = new JsonArray("devs"), ["extra"] = new JsonObject { ["k"] = new JsonArray("v") } } }
            : new JsonObject { ["authenticated"] = false });
        var tokens = new TokenReviews(cluster, _time);
        UserInfo? ann = await tokens.FindAsync("good", Stop);
        Assert.Equal(("ann", "devs", "v"), (ann!.Name, ann.Groups[0], ann.Extra["k"][0]));
        Assert.Null(await tokens.FindAsync("bad", Stop));
        await tokens.FindAsync("bad", Stop);
        Assert.Equal(2, cluster.Asked.Count);
    }

    private static AccessRequest Get(string name) => new(Ann, "get") { Group = "projectcalico.org", Version = "v3", Resource = "tiers", Name = name };
}
