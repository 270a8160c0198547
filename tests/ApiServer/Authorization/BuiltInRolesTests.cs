using System.Net;
using System.Text.Json.Nodes;
using Margay.ApiServer.Hosting;

namespace Margay.ApiServer.Tests.Authorization;

/// <summary>Roles of a data folder that an earlier version has made.</summary>
public sealed class BuiltInRolesTests
{
    private const string Roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";

    [Fact]
    public async Task Roles_of_an_earlier_version_get_the_rules_that_are_new_and_keep_what_people_added()
    {
        string folder = Directory.CreateTempSubdirectory("margay-roles-").FullName;
        try
        {
            const string old = """[{"verbs":["list"],"apiGroups":["example.org"],"resources":["things"]}]""";
            int edit = 0;
            await WithServerAsync(folder, async client =>
            {
                edit = (await RulesAsync(client, "edit")).Count;
                (await client.PatchAsync($"{Roles}/edit", $$$"""{"rules":{{{old}}}}""")).Expect(200);
                (await client.PatchAsync($"{Roles}/view", $$$"""{"metadata":{"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"false"}},"rules":{{{old}}}}""")).Expect(200);
            });
            await WithServerAsync(folder, async client =>
            {
                Assert.Equal(edit + 1, (await RulesAsync(client, "edit")).Count);
                Assert.Equal("example.org", (string?)(await RulesAsync(client, "edit"))[0]!["apiGroups"]![0]);
                Assert.Single(await RulesAsync(client, "view"));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JsonArray> RulesAsync(ApiClient client, string role) =>
        (JsonArray)(await client.GetAsync($"{Roles}/{role}")).Expect(200).Json["rules"]!;

    private static async Task WithServerAsync(string folder, Func<ApiClient, Task> act)
    {
        await using ApiServerHost host = await ApiServerHost.StartAsync(
            new ApiServerOptions { DataDirectory = folder, Listen = [new IPEndPoint(IPAddress.Loopback, 0)] }, TestContext.Current.CancellationToken);
        using ApiClient client = ApiClient.FromFolder(host.Address, Path.Combine(folder, "pki"));
        await act(client);
    }
}
