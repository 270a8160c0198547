namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>kill -9 of each part while pods come and go: nothing forbidden passes, nothing permitted breaks, everything converges.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class KillTests(Testbed testbed)
{
    private static readonly int _kills = int.Parse(Environment.GetEnvironmentVariable("MARGAY_KILLS") ?? "3");

    [Theory]
    [InlineData("kube-apiserver")]
    [InlineData("etcd")]
    [InlineData("margay-api")]
    [InlineData("margay-controllers")]
    [InlineData("margay-node")]
    [InlineData("n1/containerd")]
    public async Task Killing_a_part_under_churn_lets_nothing_in_and_cuts_nothing(string victim)
    {
        await using var siege = await Siege.BeginAsync(testbed);
        var target = Victim.Of(testbed, victim);
        for (int kill = 1; kill <= _kills; kill++)
        {
            await siege.AwaitChangeAsync();
            await target.KillAsync();
            siege.Holds($"kill {kill}");
        }
        TestContext.Current.SendDiagnosticMessage("{0}: {1} kills, {2}", victim, _kills, await siege.EndAsync());
    }
}
