using Margay.Answers.Worlds;
using Margay.Model.Resources;
using Margay.Policy.Reachability;

namespace Margay.Answers.Verify;

/// <summary>Proves invariants about a world and looks at its rules.</summary>
public static class Verification
{
    /// <summary>Answers.</summary>
    /// <param name="world">The world.</param>
    /// <param name="invariants">The invariants; may be empty, for hygiene alone.</param>
    /// <param name="hygiene">Whether rules are looked at.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="stop">Ends the work.</param>
    public static VerifyAnswer Run(
        PolicyWorld world, IReadOnlyList<Invariant> invariants, bool hygiene, Action<string> progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(invariants);
        ArgumentNullException.ThrowIfNull(progress);
        progress($"dividing {world.State.Endpoints.Count} pods into classes");
        var reach = PolicyReach.Analyze(world.State, InvariantProof.Prefixes(invariants));
        int classes = reach.Families.Sum(f => f.Classes.Length);
        var proof = new InvariantProof(world, reach);
        var results = new List<InvariantResult>(invariants.Count);
        foreach (var invariant in invariants)
        {
            progress($"invariant {results.Count + 1} of {invariants.Count}: {invariant.Name}");
            results.Add(proof.Prove(invariant, stop));
        }
        if (hygiene) progress("looking at rules");
        var findings = hygiene ? RuleFindings.Find(world, reach, stop) : [];
        int policies = world.Objects.Resources.Count(r => r is NetworkPolicy or GlobalNetworkPolicy or KubeNetworkPolicy or ClusterNetworkPolicy);
        return new VerifyAnswer([.. results], [.. findings], world.State.Endpoints.Count, policies, classes) { Hosts = HostCoverage.Of(world) };
    }
}
