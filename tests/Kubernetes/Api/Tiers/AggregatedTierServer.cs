using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Margay.Tests.Tiers;

namespace Margay.Kubernetes.Api.Tests.Tiers;

/// <summary>
/// The aggregated server as people reach it: by the cluster's API server, which knows them by their certificates, decides by its
/// own roles, and hands requests over as a front proxy.
/// </summary>
public sealed class AggregatedTierServer(ControlPlane cluster) : TierServer
{
    private ApiClient? _admin;

    /// <inheritdoc/>
    public override IReadOnlyList<Grant> Everybody => [];

    internal override ApiClient Admin => _admin!;

    public override ValueTask InitializeAsync()
    {
        _admin = Connect("tier-admin", "system:masters");
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        return base.DisposeAsync();
    }

    private protected override ApiClient Connect(string user) => Connect(user, []);

    /// <summary>The cluster follows roles by a watch; and the aggregated server keeps an answer for a while, so nobody may ask too early.</summary>
    private protected override async Task SettleAsync(TierWorld world)
    {
        foreach (TierUser user in world.Users)
        {
            foreach (Grant grant in user.Grants) await ControlPlane.UntilAsync(() => CountsAsync(user, grant), () => $"{user.Name} never got {grant}");
        }
    }

    private async Task<bool> CountsAsync(TierUser user, Grant grant)
    {
        var spec = new JsonObject
        {
            ["user"] = user.Name,
            ["resourceAttributes"] = new JsonObject
            {
                ["group"] = "projectcalico.org", ["verb"] = grant.Verbs[0], ["resource"] = grant.Resources[0],
                ["namespace"] = grant.Namespace ?? "", ["name"] = grant.Names.FirstOrDefault() ?? "",
            },
        };
        Answer answer = (await Admin.PostAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", new JsonObject { ["spec"] = spec }.ToJsonString())).Expect(201);
        return (bool)answer.Json["status"]!["allowed"]!;
    }

    private ApiClient Connect(string user, params string[] groups)
    {
        var (certificate, key) = cluster.Cluster.Make(user, groups);
        return new(cluster.Address, cluster.Cluster.File, X509Certificate2.CreateFromPemFile(certificate, key));
    }
}
