namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>Another version under traffic, node by node, and back.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class UpgradeTests(Testbed testbed)
{
    // Without one all parts are restarted as an upgrade restarts them.
    private static readonly string? _other = Environment.GetEnvironmentVariable("MARGAY_UPGRADE_FROM");

    [Fact]
    public async Task Another_version_and_back_lets_nothing_in_and_cuts_nothing()
    {
        await using var siege = await Siege.BeginAsync(testbed);
        await siege.AwaitChangeAsync();
        await testbed.RunAsync(_other is null ? ["margay"] : ["margay", "--revision", _other]);
        siege.Holds("the other version");
        await siege.AwaitChangeAsync();
        await testbed.RunAsync("margay");
        siege.Holds("this version");
        TestContext.Current.SendDiagnosticMessage("{0} and back: {1}", _other ?? "restart", await siege.EndAsync());
    }
}
