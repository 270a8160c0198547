namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>Tokens of service accounts, made and used by kubectl.</summary>
public sealed class TokenTests(KubectlCluster cluster) : KubectlTestBase(cluster)
{
    /// <summary>Debian's kubectl does not know <c>create token</c> yet.</summary>
    public static IEnumerable<TheoryDataRow<string>> Newer => KubectlProgram.All.Where(p => p.Name != "debian").Select(p => new TheoryDataRow<string>(p.Name));

    [Theory]
    [MemberData(nameof(Newer))]
    public async Task A_token_is_made_and_used(string program)
    {
        await using KubectlSession kubectl = await StartAsync(program);
        await kubectl.Ok("create", "serviceaccount", "robot");
        string token = (await kubectl.Ok("create", "token", "robot", "--duration", "20m")).Trim();

        Assert.Equal($"system:serviceaccount:{kubectl.Namespace}:robot", (await kubectl.Ok("--token", token, "auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).Trim());
        Assert.Contains("Forbidden", await kubectl.Fails("--token", token, "get", "pods"), StringComparison.Ordinal);
        await kubectl.Ok("create", "rolebinding", "robot", "--clusterrole", "view", "--serviceaccount", $"{kubectl.Namespace}:robot");
        await kubectl.Ok("--token", token, "get", "pods");
        Assert.Equal("yes", (await kubectl.Ok("--token", token, "auth", "can-i", "list", "networkpolicies.projectcalico.org")).Trim());
        await kubectl.Ok("delete", "serviceaccount", "robot");
        Assert.Contains("Unauthorized", await kubectl.Fails("--token", token, "get", "pods"), StringComparison.Ordinal);
    }
}
