using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Controllers.Election;

/// <summary>One process's dealings with the lease: attempts to take or renew it, and what it has seen of it.</summary>
internal sealed class LeaseClaim(IResourceStore store, ElectionOptions options, Leadership leadership, TimeProvider time)
{
    private Lease? _seen;
    private long _seenAt;

    /// <summary>Who held the lease when it was last looked at; null or empty when nobody did.</summary>
    public string? Holder => _seen?.Spec.HolderIdentity;

    /// <summary>One attempt to take or renew it. Every write is compare-and-swap on what was read.</summary>
    /// <returns>Whether this process has it now. When not, and it led, it leads no longer.</returns>
    public async Task<bool> TryAsync(CancellationToken stop)
    {
        long sent = time.GetTimestamp();
        // A leader knows what is stored: what it wrote last. It need not look first.
        if (leadership.Holds && Holder == options.Identity)
        {
            if (await WriteAsync(_seen, stop)) return Held(sent);
        }
        await LookAsync(stop);
        if (_seen is not null && LeaseRecord.IsHeldByOther(_seen, options.Identity, time.GetElapsedTime(_seenAt)))
        {
            leadership.End();
            return false;
        }
        sent = time.GetTimestamp();
        return await WriteAsync(_seen, stop) && Held(sent);
    }

    /// <summary>Gives the lease back, if this process has it still.</summary>
    public async Task<bool> ReleaseAsync(CancellationToken stop)
    {
        leadership.End();
        if (_seen is null || Holder != options.Identity) return false;
        _seen = await store.UpdateAsync(LeaseRecord.GiveBack(_seen, time.GetUtcNow()), stop);
        return true;
    }

    private bool Held(long sent)
    {
        leadership.Extend(sent, options.RenewDeadline);
        return true;
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var stored = await store.FindAsync<Lease>(options.Namespace, options.Name, stop);
        if (stored?.Metadata.ResourceVersion != _seen?.Metadata.ResourceVersion) _seenAt = time.GetTimestamp();
        _seen = stored;
    }

    private async Task<bool> WriteAsync(Lease? basis, CancellationToken stop)
    {
        var next = LeaseRecord.Hold(options, time.GetUtcNow(), basis);
        try
        {
            _seen = basis is null ? await store.CreateAsync(next, stop) : await store.UpdateAsync(next, stop);
            _seenAt = time.GetTimestamp();
            return true;
        }
        catch (ApiException error) when (error.IsConflict || error.IsAlreadyExists || error.IsNotFound)
        {
            return false;   // somebody was faster
        }
    }
}
