namespace Margay.ApiServer.Tests.Security;

/// <summary>The first requests of a connection come at the same time, as those of every client with several watches do.</summary>
public sealed class FirstRequestsTests(TestServer server)
{
    private const int Connections = 200, AtOnce = 32;

    [Fact]
    public async Task Who_asks_is_known_to_all_of_them()
    {
        for (int connection = 0; connection < Connections; connection++)
        {
            using var client = ApiClient.FromFolder(server.Host.Address, server.Pki);
            Answer[] answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => client.GetAsync("/api/v1/namespaces/default")));
            Assert.All(answers, answer => answer.Expect(200));
            // Nor is anything left behind by them that the connection goes on with.
            (await client.GetAsync("/api/v1/namespaces/default")).Expect(200);
        }
    }
}
