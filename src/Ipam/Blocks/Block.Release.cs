using Margay.Foundation.Primitives;

namespace Margay.Ipam.Blocks;

/// <content>Taking addresses back.</content>
public sealed partial class Block
{
    /// <summary>Releases one address.</summary>
    /// <param name="address">An address of this block.</param>
    /// <param name="sequence">When set, only if the address was given under this number.</param>
    /// <param name="handle">When set, only if the address is held by this handle.</param>
    /// <param name="cooldown">How long it may not be given again; zero gives it back at once.</param>
    /// <param name="now">The time of the release.</param>
    public ReleaseOutcome Release(IpAddr address, ulong? sequence, string? handle, TimeSpan cooldown, DateTimeOffset now)
    {
        if (Find(address) is not { } found || found.Owner.IsCooling) return ReleaseOutcome.NotAssigned;
        if (sequence is { } wanted && wanted != found.Sequence) return ReleaseOutcome.OtherTenant;
        if (handle is not null && !found.Owner.HasHandle(handle)) return ReleaseOutcome.OtherTenant;
        TakeBack(found.Ordinal, cooldown, now);
        DropUnusedOwners();
        return ReleaseOutcome.Released;
    }

    /// <summary>Releases every address that the handle has in this block.</summary>
    /// <returns>The addresses released.</returns>
    public IReadOnlyList<IpAddr> ReleaseHandle(string handle, TimeSpan cooldown, DateTimeOffset now)
    {
        List<GivenAddress> held = [.. OfHandle(handle)];
        foreach (var allocation in held) TakeBack(allocation.Ordinal, cooldown, now);
        DropUnusedOwners();
        return [.. held.Select(a => a.Address)];
    }

    /// <summary>Frees what has cooled down long enough.</summary>
    /// <returns>True when the block has changed. The caller need not write it for that alone.</returns>
    public bool FreeCooled(TimeSpan cooldown, DateTimeOffset now)
    {
        if (!_owners.Exists(o => o.IsCooling)) return false;
        bool changed = false;
        // The longest released goes to the front of what is appended, so that the queue stays in order of release.
        foreach (var allocation in Allocations.Where(a => a.Owner.ReleasedAt is { } at && now - at >= cooldown)
                     .OrderBy(a => a.Owner.ReleasedAt).ToList())
        {
            ReturnToQueue(allocation.Ordinal);
            changed = true;
        }
        if (changed) DropUnusedOwners();
        return changed;
    }

    private void TakeBack(int ordinal, TimeSpan cooldown, DateTimeOffset now)
    {
        if (cooldown <= TimeSpan.Zero)
        {
            ReturnToQueue(ordinal);
            return;
        }
        // The datastore keeps whole seconds; rounding up never shortens the wait.
        var at = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, now.Offset);
        _allocations[ordinal] = IndexOf(new AllocationOwner { ReleasedAt = at < now ? at.AddSeconds(1) : at });
        _sequences[ordinal] = SequenceNumber;
    }

    private void ReturnToQueue(int ordinal)
    {
        _allocations[ordinal] = null;
        _sequences.Remove(ordinal);
        _free.Add(ordinal);
    }

    private void DropUnusedOwners()
    {
        var used = new bool[_owners.Count];
        foreach (int? index in _allocations)
        {
            if (index is { } i) used[i] = true;
        }
        if (!used.Contains(false)) return;

        var moved = new int[used.Length];
        int next = 0;
        for (int i = 0; i < used.Length; i++)
        {
            if (!used[i]) continue;
            _owners[next] = _owners[i];
            moved[i] = next++;
        }
        _owners.RemoveRange(next, _owners.Count - next);
        for (int i = 0; i < _allocations.Length; i++)
        {
            if (_allocations[i] is { } old) _allocations[i] = moved[old];
        }
    }
}

/// <summary>What became of a release.</summary>
public enum ReleaseOutcome
{
    /// <summary>The address is free, or cooling down.</summary>
    Released,

    /// <summary>It was free or cooling already: nothing to do, and no error.</summary>
    NotAssigned,

    /// <summary>It has been given to somebody else since; it stays theirs.</summary>
    OtherTenant,
}
