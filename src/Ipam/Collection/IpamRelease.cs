using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;

namespace Margay.Ipam.Collection;

/// <summary>What became of an address that a person asked to release.</summary>
/// <param name="Address">The address.</param>
/// <param name="Released">Whether it is free now.</param>
/// <param name="Explanation">Who had it, or why it was left.</param>
public readonly record struct PersonalRelease(IpAddr Address, bool Released, string Explanation);

/// <summary>
/// <c>ipam release</c>: takes back addresses by name, but not from under a running pod, nor from anybody who got the
/// address after it was looked at.
/// </summary>
public static class IpamRelease
{
    /// <summary>Releases.</summary>
    /// <param name="store">The datastore.</param>
    /// <param name="client">The client that does it.</param>
    /// <param name="addresses">The addresses.</param>
    /// <param name="force">Also those that are in use; their pods go on using them. Never those that a node keeps ready: it may be giving them.</param>
    /// <param name="stop">Ends the attempt.</param>
    public static async ValueTask<IReadOnlyList<PersonalRelease>> ExecuteAsync(
        IIpamStore store, IpamClient client, IReadOnlyList<IpAddr> addresses, bool force, CancellationToken stop)
    {
        var snapshot = await IpamSnapshot.ReadAsync(store, stop);
        var given = snapshot.Readable().SelectMany(b => b.Block.Allocations).GroupBy(a => a.Address).ToDictionary(g => g.Key, g => g.First());
        var results = new List<PersonalRelease>();
        foreach (var address in addresses.Distinct())
        {
            if (!given.TryGetValue(address, out var allocation))
            {
                results.Add(new(address, false, "is not allocated"));
                continue;
            }
            var judgement = Judgement.Of(allocation, snapshot.Nodes, snapshot.Pods);
            if (judgement.Standing == Standing.Cooling)
                results.Add(new(address, false, $"is {judgement.Reason} and cooling down"));
            else if (judgement.Standing == Standing.Ready)
                results.Add(new(address, false, $"is {judgement.Reason}; start its node service with --warm-addresses 0, and it gives back what it keeps"));
            else if (judgement.Standing == Standing.Live && !force)
                results.Add(new(address, false, $"is {judgement.Reason}; only force releases it"));
            else
                results.Add(await ReleaseAsync(client, allocation, judgement, stop));
        }
        return results;
    }

    private static async ValueTask<PersonalRelease> ReleaseAsync(IpamClient client, GivenAddress allocation, Judgement judgement, CancellationToken stop)
    {
        var outcome = await client.ReleaseAsync([new AddressRelease(allocation.Address, allocation.Sequence, allocation.Owner.CleanHandle)], stop);
        return outcome[0].Outcome switch
        {
            ReleaseOutcome.Released => new(allocation.Address, true, $"released: {judgement.Reason}"),
            ReleaseOutcome.NotAssigned => new(allocation.Address, false, "was released by somebody else meanwhile"),
            _ => new(allocation.Address, false, "was given to somebody else meanwhile, and stays theirs"),
        };
    }
}
