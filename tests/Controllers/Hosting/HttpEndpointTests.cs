using System.Net;
using System.Net.Sockets;
using Margay.Controllers.Configuration;
using Margay.Controllers.Hosting;
using Margay.Model.Datastore.Fake;
using Margay.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.Controllers.Tests.Hosting;

/// <summary>kubelet asks at the pod's address, and a cluster of IPv6 alone gives it no other.</summary>
public sealed class HttpEndpointTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("*", "127.0.0.1", "[::1]")]
    [InlineData("localhost", "127.0.0.1", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "[::1]")]
    public async Task Answers_where_it_was_told_to(string host, params string[] at)
    {
        int port = Ports.Next();
        var settings = new SettingsSource(new InMemoryDatastore(), null, TimeProvider.System, NullLogger.Instance);
        var health = new ControllersHealth("one", TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task running = new HttpEndpoint(host, () => port, health, settings, TimeProvider.System, NullLogger.Instance).RunAsync(end.Token);
        using var http = new HttpClient();
        foreach (string address in at.Where(address => address[0] != '[' || Socket.OSSupportsIPv6))
            await AnswersAsync(http, $"http://{address}:{port}/metrics");
        await end.CancelAsync();
        await running;
    }

    private static async Task AnswersAsync(HttpClient http, string url)
    {
        while (true)
        {
            try
            {
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(url, Stop)).StatusCode);
                return;
            }
            catch (HttpRequestException)
            {
                // It does not say when it has begun to listen.
                await Task.Delay(20, Stop);
            }
        }
    }
}
