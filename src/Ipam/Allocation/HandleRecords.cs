using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>
/// The IPAMHandle objects: for each handle the number of addresses in each block. They are an index; what counts are the
/// handles in the blocks. A number is raised before its block is written and lowered after, so an index entry may promise
/// too much after a crash, never too little. Numbers are set to what is, not added to, so repeating a step is harmless.
/// Whoever raised a number looks at it once more after writing the block, so that no collector takes it away unseen.
/// </summary>
internal sealed class HandleRecords(IpamRecords records, IpamClientOptions options, TimeProvider time)
{
    /// <summary>The blocks that the handle's object names.</summary>
    public static IEnumerable<IpPrefix> BlocksOf(IPAMHandle? handle)
    {
        foreach (string text in handle?.Spec.Block.Keys ?? Enumerable.Empty<string>())
        {
            if (IpPrefix.TryParse(text, out var cidr)) yield return cidr;
        }
    }

    /// <summary>Makes the handle's object say that it has this many addresses in the block.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="cidr">The block.</param>
    /// <param name="count">The number; zero removes the entry, and with the last entry the object.</param>
    /// <param name="create">Whether to make the object when there is none.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async ValueTask SetAsync(string handle, IpPrefix cidr, int count, bool create, CancellationToken stop)
    {
        var attempts = new Attempts(options, time);
        while (await attempts.NextAsync(stop))
        {
            var stored = await records.HandleAsync(handle, stop);
            if (stored is null && (!create || count == 0)) return;
            var counts = new Dictionary<string, int>(stored?.Spec.Block ?? []);
            if (counts.GetValueOrDefault(cidr.ToString()) == count && !(create && stored is not null && IpamRecords.IsInDoubt(stored))) return;
            if (count == 0) counts.Remove(cidr.ToString());
            else counts[cidr.ToString()] = count;

            var status = counts.Count == 0
                ? await records.DeleteAsync(stored!, stop)
                : (await records.WriteHandleAsync(handle, stored, counts, stop)).Status;
            if (status == WriteStatus.Done) return;
        }
        throw new IpamContentionException($"recording handle {handle}", options.MaxAttempts);
    }

    /// <summary>Sets every number of the object to what the blocks hold, in one version of the object only.</summary>
    /// <returns>False when the object has changed, and is left.</returns>
    public async ValueTask<bool> MendAsync(string handle, string version, CancellationToken stop)
    {
        var stored = await records.HandleAsync(handle, stop);
        if (stored is null || stored.Metadata.ResourceVersion != version) return false;
        // Who looks after this write sees the doubt and writes the object again, so that ours below fails. Who looked before it has
        // written its block by then, and that block is read below.
        if (!IpamRecords.IsInDoubt(stored))
        {
            var doubted = await records.WriteHandleAsync(handle, stored, stored.Spec.Block, stop, inDoubt: true);
            if (doubted is not { Status: WriteStatus.Done, Value: { } noted }) return false;
            stored = noted;
        }
        var counts = new Dictionary<string, int>();
        foreach (var cidr in BlocksOf(stored))
        {
            int held = (await records.BlockAsync(cidr, stop))?.Open(TimeSpan.Zero, DateTimeOffset.MinValue)?.OfHandle(handle).Count() ?? 0;
            if (held > 0) counts[cidr.ToString()] = held;
        }
        var status = counts.Count == 0
            ? await records.DeleteAsync(stored, stop)
            : (await records.WriteHandleAsync(handle, stored, counts, stop)).Status;
        return status == WriteStatus.Done;
    }
}
