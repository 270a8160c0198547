using System.Globalization;
using Margay.Model.Resources;

namespace Margay.Controllers.Election;

/// <summary>What a lease says next. Pure.</summary>
internal static class LeaseRecord
{
    /// <summary>The lease, taken or renewed by somebody.</summary>
    /// <param name="options">Which lease, and whose.</param>
    /// <param name="now">The time, for people: nobody decides by it.</param>
    /// <param name="stored">What is stored; null when there is none.</param>
    public static Lease Hold(ElectionOptions options, DateTimeOffset now, Lease? stored)
    {
        bool renewed = stored?.Spec.HolderIdentity == options.Identity;
        int transitions = stored?.Spec.LeaseTransitions ?? 0;
        return new Lease
        {
            Metadata = stored?.Metadata ?? new ObjectMeta { Namespace = options.Namespace, Name = options.Name },
            Spec = new LeaseSpec
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
                AcquireTime = renewed ? stored!.Spec.AcquireTime : Text(now),
                RenewTime = Text(now),
                LeaseTransitions = renewed || stored is null ? transitions : transitions + 1,
            },
        };
    }

    /// <summary>The lease, given back: the next one need not wait.</summary>
    public static Lease GiveBack(Lease stored, DateTimeOffset now) => new()
    {
        Metadata = stored.Metadata,
        Spec = new LeaseSpec
        {
            HolderIdentity = "",
            LeaseDurationSeconds = 1,
            AcquireTime = Text(now),
            RenewTime = Text(now),
            LeaseTransitions = stored.Spec.LeaseTransitions,
        },
    };

    /// <summary>
    /// Whether somebody else has the lease: a holder is named, and since it was last seen to change less time has passed
    /// than it says. Its times are of another machine's clock and do not count.
    /// </summary>
    public static bool IsHeldByOther(Lease stored, string identity, TimeSpan unchangedFor) =>
        !string.IsNullOrEmpty(stored.Spec.HolderIdentity) && stored.Spec.HolderIdentity != identity
        && unchangedFor < TimeSpan.FromSeconds(stored.Spec.LeaseDurationSeconds ?? 0);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
