using System.Net;
using Margay.Node.Health;
using Margay.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests.Health;

/// <summary>Probes and Prometheus find the service where its options say.</summary>
public sealed class HealthServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1", "127.0.0.2")] // as docs/install has it for Prometheus
    [InlineData("*", "127.0.0.1", "127.0.0.2")]
    [InlineData("localhost", "localhost", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    public async Task Answers_where_it_was_told_to(string host, params string[] at)
    {
        int port = Ports.Next();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task running = new HealthServer(host, port, new NodeHealth("n1", TimeProvider.System), NullLogger.Instance).RunAsync(end.Token);
        using var http = new HttpClient();
        foreach (string address in at)
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"http://{address}:{port}/liveness", Stop)).StatusCode);
            // Nothing is listed yet, and it says so.
            var readiness = await http.GetAsync($"http://{address}:{port}/readiness", Stop);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
            Assert.NotEmpty(await readiness.Content.ReadAsStringAsync(Stop));
            Assert.Contains("# TYPE", await http.GetStringAsync($"http://{address}:{port}/metrics", Stop), StringComparison.Ordinal);
        }
        await end.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("[2001:db8::1]")]
    public void An_address_that_it_cannot_listen_at_is_refused_with_the_reason(string host) =>
        Assert.Contains("IPv4", Assert.Throws<ArgumentException>(() => HealthServer.PrefixesOf(host, 9099)).Message, StringComparison.Ordinal);
}
