using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Answers.Migration;
using Margay.Answers.Reports;
using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Datastore.Kube;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Finding = Margay.Answers.Reports.Finding;

namespace Margay.Cli.Migrate;

/// <summary>Reads the custom resources of the running cluster, its definitions, and its addresses.</summary>
internal static class RunningCluster
{
    public static async Task LookAsync(MigrationCheck check, ParseResult parsed, CancellationToken stop)
    {
        using var client = new KubeClient(Connections.Find(parsed));
        var served = await client.DiscoverAsync(CrdKind.ApiVersion, stop);
        if (served.Count == 0) throw new CliException($"The cluster does not serve {CrdKind.ApiVersion}: it keeps no state of Calico in custom resources, so there is nothing to take over.");
        foreach (var kind in CrdKinds.All)
        {
            if (!served.Contains(kind.Stored.Plural))
            {
                check.Add(new Finding
                {
                    Rule = "missing-definition", Level = FindingLevel.Error, Object = $"CustomResourceDefinition {kind.DefinitionName}",
                    Message = "the cluster does not have this definition, and nodes wait for it: apply Margay's (margay-server crds | kubectl apply -f -)",
                });
                continue;
            }
            foreach (var item in (await client.ListAsync(kind.Stored, default, stop)).Items)
            {
                var document = (JsonObject)JsonSerializer.SerializeToNode(item, kind.Stored.TypeInfo)!;
                (document["apiVersion"], document["kind"]) = (kind.Stored.ApiVersion, kind.Stored.Kind);
                check.Look(document);
            }
        }
        foreach (string plural in served.Where(plural => !plural.Contains('/', StringComparison.Ordinal) && CrdKinds.All.All(kind => kind.Stored.Plural != plural)))
            check.Add(new Finding { Rule = "unknown-kind", Level = FindingLevel.Note, Object = $"CustomResourceDefinition {plural}.crd.projectcalico.org", Message = "Margay does not know this kind; its objects have no effect" });
        check.LookAtPods((await client.ListAsync(KindRegistry.Of<Pod>(), default, stop)).Items.Cast<Pod>());
        await AddressesAsync(check, new CrdStore(client), stop);
    }

    private static async Task AddressesAsync(MigrationCheck check, IResourceStore store, CancellationToken stop)
    {
        var report = IpamAudit.Examine(await IpamSnapshot.ReadAsync(new IpamStore(store), stop));
        foreach (var found in report.Findings)
        {
            bool grave = found.Kind is FindingKind.MalformedBlock or FindingKind.OverlappingBlocks or FindingKind.DoubledAddress;
            check.Add(new Finding
            {
                Rule = "addresses", Level = grave ? FindingLevel.Error : found.IsNote ? FindingLevel.Note : FindingLevel.Warning,
                Object = found.Subject, Message = $"{found.Explanation}{(grave ? "; mend it before the takeover, a node gives nothing from such a block" : "")}",
            });
        }
    }
}
