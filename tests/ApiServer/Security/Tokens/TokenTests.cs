using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Margay.ApiServer.Tests.Security.Tokens;

/// <summary>Tokens of service accounts: made, used, reviewed, checked by others, and over when what they are about is.</summary>
public sealed class TokenTests(TestServer server)
{
    private const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

    [Fact]
    public async Task A_token_makes_its_bearer_the_account_with_its_groups_and_rights()
    {
        string space = await server.NamespaceAsync();
        using ApiClient robot = Bearer(await TokenAsync(server, space, "robot", create: true));

        JsonNode who = (await robot.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")).Expect(201).Json["status"]!["userInfo"]!;
        Assert.Equal($"system:serviceaccount:{space}:robot", (string?)who["username"]);
        Assert.Equal(["system:serviceaccounts", $"system:serviceaccounts:{space}", "system:authenticated"], who["groups"]!.AsArray().Select(g => (string?)g));
        Assert.Equal((await server.Client.GetAsync(Account(space, "robot"))).Metadata["uid"]!.ToString(), (string?)who["uid"]);
        (await robot.GetAsync($"/api/v1/namespaces/{space}/pods")).Expect(403);
        (await server.Client.PostAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{space}/rolebindings", """
            {"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"ServiceAccount","name":"robot"}]}
            """)).Expect(201);
        (await robot.GetAsync($"/api/v1/namespaces/{space}/pods")).Expect(200);
    }

    [Fact]
    public async Task A_token_is_over_with_its_account_and_not_revived_by_another_of_the_name()
    {
        string space = await server.NamespaceAsync();
        using ApiClient robot = Bearer(await TokenAsync(server, space, "robot", create: true));
        (await robot.GetAsync("/api")).Expect(200);

        (await server.Client.DeleteAsync(Account(space, "robot"))).Expect(200);
        (await robot.GetAsync("/api")).Expect(401);
        string second = await TokenAsync(server, space, "robot", create: true);
        (await robot.GetAsync("/api")).Expect(401);
        using ApiClient other = Bearer(second);
        (await other.GetAsync("/api")).Expect(200);
    }

    [Fact]
    public async Task A_token_bound_to_a_pod_or_a_secret_is_over_with_it()
    {
        string space = await server.NamespaceAsync();
        await TokenAsync(server, space, "robot", create: true);
        (await server.Client.PostAsync($"/api/v1/namespaces/{space}/pods", """{"metadata":{"name":"p"},"spec":{"serviceAccountName":"robot","containers":[{"name":"c","image":"i"}]}}""")).Expect(201);
        (await server.Client.PostAsync($"/api/v1/namespaces/{space}/pods", """{"metadata":{"name":"q"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Expect(201);
        (await server.Client.PostAsync($"/api/v1/namespaces/{space}/secrets", """{"metadata":{"name":"s"}}""")).Expect(201);

        foreach (var (kind, name, path) in (IEnumerable<(string, string, string)>)[("Pod", "p", "pods/p?gracePeriodSeconds=0"), ("Secret", "s", "secrets/s")])
        {
            string token = await TokenAsync(server, space, "robot", bound: $$$"""{"apiVersion":"v1","kind":"{{{kind}}}","name":"{{{name}}}"}""");
            using ApiClient robot = Bearer(token);
            JsonNode who = (await robot.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")).Expect(201).Json["status"]!["userInfo"]!;
            if (kind == "Pod") Assert.Equal("p", (string?)who["extra"]!["authentication.kubernetes.io/pod-name"]![0]);
            (await server.Client.DeleteAsync($"/api/v1/namespaces/{space}/{path}")).Expect(200);
            (await robot.GetAsync("/api")).Expect(401);
        }
        async Task RefuseAsync(string reference, int code) =>
            (await server.Client.PostAsync($"{Account(space, "robot")}/token", $$$"""{"spec":{"boundObjectRef":{{{reference}}}}}""")).Expect(code);
        await RefuseAsync("""{"apiVersion":"v1","kind":"Pod","name":"q"}""", 400);
        await RefuseAsync("""{"apiVersion":"v1","kind":"Pod","name":"none"}""", 404);
        await RefuseAsync("""{"apiVersion":"v1","kind":"ConfigMap","name":"c"}""", 400);
        await RefuseAsync("""{"apiVersion":"v1","kind":"Pod","name":"q","uid":"other"}""", 409);
    }

    [Theory]
    [InlineData("599", 422)]
    [InlineData("600", 201)]
    [InlineData("4294967296", 201)]
    [InlineData("4294967297", 422)]
    [InlineData("\"soon\"", 422)]
    [InlineData("-1", 422)]
    public async Task The_life_of_a_token_has_bounds(string seconds, int code)
    {
        string space = await server.NamespaceAsync();
        await TokenAsync(server, space, "robot", create: true);
        Answer answer = (await server.Client.PostAsync($"{Account(space, "robot")}/token", $$$"""{"spec":{"expirationSeconds":{{{seconds}}}}}""")).Expect(code);
        // More than a year is not given, and the answer says what is.
        if (seconds == "4294967296") Assert.Equal(365L * 24 * 3600, (long)answer.Json["spec"]!["expirationSeconds"]!);
    }

    [Fact]
    public async Task A_token_for_others_is_not_for_this_server_and_a_review_says_for_whom_it_is()
    {
        string space = await server.NamespaceAsync();
        string token = await TokenAsync(server, space, "robot", create: true, audiences: "\"vault\",\"store\"");
        using ApiClient robot = Bearer(token);
        (await robot.GetAsync("/api")).Expect(401);

        JsonNode status = await ReviewAsync(token, "\"vault\",\"other\"");
        Assert.True((bool?)status["authenticated"]);
        Assert.Equal(["vault"], status["audiences"]!.AsArray().Select(a => (string?)a));
        Assert.Equal($"system:serviceaccount:{space}:robot", (string?)status["user"]!["username"]);
        Assert.False((bool?)(await ReviewAsync(token, "\"other\""))["authenticated"]);
        Assert.False((bool?)(await ReviewAsync(token, ""))["authenticated"]);
        (await server.Client.PostAsync(Reviews, "{}")).Expect(400);
    }

    [Fact]
    public async Task Others_check_a_token_with_what_discovery_tells()
    {
        string space = await server.NamespaceAsync();
        string token = await TokenAsync(server, space, "robot", create: true, audiences: "\"vault\"");
        using ApiClient robot = Bearer(await TokenAsync(server, space, "robot"));

        JsonObject told = (await robot.GetAsync("/.well-known/openid-configuration")).Expect(200).Json;
        var keys = new JsonWebKeySet((await robot.GetAsync(new Uri((string)told["jwks_uri"]!).AbsolutePath)).Expect(200).Text);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = (string)told["issuer"]!, ValidAudience = "vault", IssuerSigningKeys = keys.GetSigningKeys(),
        });

        Assert.True(result.IsValid, result.Exception?.Message);
        using var anonymous = new ApiClient(server.Host.Address, server.Authority, null);
        (await anonymous.GetAsync("/openid/v1/jwks")).Expect(401);
    }

    [Fact]
    public async Task Making_a_token_is_a_right_of_its_own()
    {
        string space = await server.NamespaceAsync();
        using ApiClient robot = Bearer(await TokenAsync(server, space, "robot", create: true));
        var refused = (await robot.PostAsync($"{Account(space, "robot")}/token", "{}")).Expect(403);
        Assert.Contains("cannot create resource \"serviceaccounts/token\"", refused.Message, StringComparison.Ordinal);
        (await server.Client.PostAsync($"{Account(space, "nobody")}/token", "{}")).Expect(404);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.Pki, "sa.key")));
    }

    internal static async Task<string> TokenAsync(TestServer server, string space, string account, bool create = false, string? bound = null, string? audiences = null)
    {
        if (create) (await server.Client.PostAsync($"/api/v1/namespaces/{space}/serviceaccounts", $$$"""{"metadata":{"name":"{{{account}}}"}}""")).Expect(201);
        string spec = string.Join(",", new[] { bound is null ? null : $"\"boundObjectRef\":{bound}", audiences is null ? null : $"\"audiences\":[{audiences}]" }.OfType<string>());
        Answer answer = (await server.Client.PostAsync($"{Account(space, account)}/token", $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{{{{spec}}}}}""")).Expect(201);
        return (string)answer.Json["status"]!["token"]!;
    }

    private static string Account(string space, string name) => $"/api/v1/namespaces/{space}/serviceaccounts/{name}";

    private ApiClient Bearer(string token) => new(server.Host.Address, server.Authority, null, token);

    private async Task<JsonNode> ReviewAsync(string token, string audiences)
    {
        Answer answer = (await server.Client.PostAsync(Reviews, $$$"""{"spec":{"token":"{{{token}}}","audiences":[{{{audiences}}}]}}""")).Expect(201);
        Assert.DoesNotContain(token, answer.Text, StringComparison.Ordinal);
        return answer.Json["status"]!;
    }
}
