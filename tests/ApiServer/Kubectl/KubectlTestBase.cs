namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>What every class of these tests has: one server for all of them, and each kubectl there is.</summary>
[Collection(nameof(KubectlCluster))]
public abstract class KubectlTestBase(KubectlCluster cluster)
{
    public static IEnumerable<TheoryDataRow<string>> Programs => KubectlProgram.All.Select(p => new TheoryDataRow<string>(p.Name));

    internal Task<KubectlSession> StartAsync(string program) => KubectlSession.StartAsync(cluster, program);
}

[CollectionDefinition(nameof(KubectlCluster))]
public sealed class KubectlCollection : ICollectionFixture<KubectlCluster>;
