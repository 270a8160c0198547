using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Kernel.Tests.Harness;

/// <summary>
/// Records for a data plane, and probes with the verdicts that they must get. Any driver can be run through it, and the probes'
/// verdicts can be written by hand or computed by the evaluator.
/// </summary>
/// <param name="Name">What it shows.</param>
/// <param name="Updates">What the data plane is told, without <see cref="InSync"/>, which the harness adds.</param>
/// <param name="Probes">What is sent.</param>
internal sealed record Scenario(string Name, ImmutableArray<DataplaneUpdate> Updates, ImmutableArray<Probe> Probes)
{
    /// <summary>Applies the records and sends the probes.</summary>
    /// <returns>The probes that had another outcome.</returns>
    public async Task<List<Probe>> RunAsync(IDataplane dataplane, PodLab lab, CancellationToken stop)
    {
        await dataplane.ApplyAsync([.. Updates, new InSync()], stop);
        lab.ForgetConnections();
        return await new Prober(lab).RunAsync(Probes, stop);
    }
}
