using Margay.Samples;
using Xunit;

namespace Margay.Api.Tests;

/// <summary>The samples run, against the store in memory.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task A_namespace_is_guarded_and_may_be_guarded_again()
    {
        using var client = MargayClient.InMemory();
        var stop = TestContext.Current.CancellationToken;

        await GuardNamespace.RunAsync(client, "shop", stop);
        await GuardNamespace.RunAsync(client, "shop", stop);

        var policies = await client.NetworkPolicies.InNamespace("shop").ListAsync(stop: stop);
        Assert.Equal(["closed", "door"], policies.Select(policy => policy.Metadata.Name).Order());
        var door = policies.Single(policy => policy.Metadata.Name == "door");
        Assert.Equal(["Ingress"], door.Spec.Types);
        Assert.Equal("app == 'proxy'", door.Spec.Ingress![0].Source!.Selector);
        Assert.Equal("8080", door.Spec.Ingress[0].Destination!.Ports![0].ToString());
    }

    [Fact]
    public async Task Policies_are_counted_as_they_come()
    {
        using var client = MargayClient.InMemory();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var lines = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var counting = CountPolicies.RunAsync(client, new LineWriter(lines.Writer), ended.Token);
        Assert.Equal("0 policies", await lines.Reader.ReadAsync(ended.Token));

        await client.NetworkPolicies.CreateAsync(Policy.ForNamespace("shop", "a").IsolateIngress().Build(), ended.Token);
        Assert.Equal("Added shop/a: 1 policies", await lines.Reader.ReadAsync(ended.Token));
        await client.NetworkPolicies.InNamespace("shop").DeleteAsync("a", stop: ended.Token);
        Assert.Equal("Deleted shop/a: 0 policies", await lines.Reader.ReadAsync(ended.Token));

        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counting);
    }

    private sealed class LineWriter(System.Threading.Channels.ChannelWriter<string> lines) : StringWriter
    {
        public override Task WriteLineAsync(string? value)
        {
            lines.TryWrite(value ?? "");
            return Task.CompletedTask;
        }
    }
}
