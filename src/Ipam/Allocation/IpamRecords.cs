using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>
/// Blocks, affinities and handles in the datastore. Objects marked as deleted count as gone, and the deletion that
/// upstream left half done is finished on meeting one.
/// </summary>
internal sealed class IpamRecords(IIpamStore store, IpamMetrics metrics)
{
    private const string InDoubt = "margay.io/in-doubt";

    public ValueTask<Node?> NodeAsync(string name, CancellationToken stop) => store.GetAsync<Node>(name, stop);

    public async ValueTask<StoredBlock?> BlockAsync(IpPrefix cidr, CancellationToken stop) =>
        StoredBlock.From(await FinishDeletionAsync(await store.GetAsync<IPAMBlock>(IpamNames.OfBlock(cidr), stop), b => b.Spec.Deleted, stop));

    public async ValueTask<List<StoredBlock>> BlocksAsync(CancellationToken stop) =>
        [.. (await store.ListAsync<IPAMBlock>(null, stop)).Where(b => !b.Spec.Deleted).Select(StoredBlock.From).OfType<StoredBlock>()];

    public async ValueTask<Written<IPAMBlock>> CreateBlockAsync(Block block, CancellationToken stop) =>
        Count(await store.CreateAsync(BlockRecord.Write(block, null), stop));

    /// <summary>Writes the edited block in place of the version it was opened from.</summary>
    public async ValueTask<(WriteStatus Status, StoredBlock? Now)> WriteBlockAsync(StoredBlock basis, Block edited, CancellationToken stop)
    {
        edited.CountWrite();
        var written = Count(await store.UpdateAsync(BlockRecord.Write(edited, basis.Record), stop));
        return (written.Status, StoredBlock.From(written.Value));
    }

    public ValueTask<WriteStatus> DeleteBlockAsync(StoredBlock block, CancellationToken stop) => DeleteAsync(block.Record, stop);

    public async ValueTask<BlockAffinity?> AffinityAsync(BlockOwner owner, IpPrefix cidr, CancellationToken stop) =>
        await FinishDeletionAsync(await store.GetAsync<BlockAffinity>(IpamNames.OfAffinity(owner.Name, cidr), stop), a => a.Spec.Deleted, stop);

    /// <summary>The affinities of one owner; by label, so that a big cluster's others stay where they are.</summary>
    public async ValueTask<List<BlockAffinity>> AffinitiesAsync(BlockOwner owner, CancellationToken stop)
    {
        var found = await store.ListAsync<BlockAffinity>((BlockAffinity.HostnameHashLabel, IpamNames.HashOfHost(owner.Name)), stop);
        return [.. found.Where(a => !a.Spec.Deleted && OwnerOf(a) == owner)];
    }

    public async ValueTask<Written<BlockAffinity>> CreateAffinityAsync(BlockOwner owner, IpPrefix cidr, string state, CancellationToken stop) =>
        Count(await store.CreateAsync(NewAffinity(owner, cidr, state, null), stop));

    public async ValueTask<Written<BlockAffinity>> SetStateAsync(BlockAffinity affinity, string state, CancellationToken stop)
    {
        var next = NewAffinity(OwnerOf(affinity), IpPrefix.Parse(affinity.Spec.Cidr), state, affinity.Metadata);
        return Count(await store.UpdateAsync(next, stop));
    }

    public async ValueTask<WriteStatus> DeleteAsync<T>(T value, CancellationToken stop) where T : Resource, new()
    {
        var status = await store.DeleteAsync(value, stop);
        metrics.Wrote(typeof(T).Name, status);
        return status;
    }

    public async ValueTask<IPAMHandle?> HandleAsync(string handle, CancellationToken stop) =>
        await FinishDeletionAsync(await store.GetAsync<IPAMHandle>(IpamNames.OfHandle(handle), stop), h => h.Spec.Deleted, stop);

    /// <summary>Whether the collector is finding out what the handle really has.</summary>
    public static bool IsInDoubt(IPAMHandle handle) => handle.Metadata.Annotations?.ContainsKey(InDoubt) == true;

    public async ValueTask<Written<IPAMHandle>> WriteHandleAsync(
        string handle, IPAMHandle? basis, IReadOnlyDictionary<string, int> counts, CancellationToken stop, bool inDoubt = false)
    {
        var next = new IPAMHandle
        {
            Metadata = basis is null ? new ObjectMeta { Name = IpamNames.OfHandle(handle) } : Noted(basis.Metadata, inDoubt),
            Spec = new IPAMHandleSpec { HandleId = handle, Block = new(counts) },
        };
        return Count(basis is null ? await store.CreateAsync(next, stop) : await store.UpdateAsync(next, stop));
    }

    /// <summary>The owner that an affinity speaks for; objects from before there were types mean a host.</summary>
    public static BlockOwner OwnerOf(BlockAffinity affinity) =>
        new(string.IsNullOrEmpty(affinity.Spec.Type) ? BlockOwner.HostType : affinity.Spec.Type, affinity.Spec.Node);

    /// <summary>Whether the claim is complete; objects from before there were states are.</summary>
    public static bool IsConfirmed(BlockAffinity affinity) => affinity.Spec.State is BlockAffinityState.Confirmed or "";

    private static ObjectMeta Noted(ObjectMeta basis, bool inDoubt)
    {
        var notes = new Dictionary<string, string>(basis.Annotations ?? []);
        if (inDoubt) notes[InDoubt] = "true";
        else notes.Remove(InDoubt);
        return new ObjectMeta
        {
            Name = basis.Name, Uid = basis.Uid, ResourceVersion = basis.ResourceVersion, CreationTimestamp = basis.CreationTimestamp, Labels = basis.Labels,
            Annotations = notes.Count > 0 ? notes : null, OwnerReferences = basis.OwnerReferences, Finalizers = basis.Finalizers, ManagedFields = basis.ManagedFields,
        };
    }

    private static BlockAffinity NewAffinity(BlockOwner owner, IpPrefix cidr, string state, ObjectMeta? metadata) => new()
    {
        Metadata = metadata ?? new ObjectMeta
        {
            Name = IpamNames.OfAffinity(owner.Name, cidr),
            Labels = new()
            {
                [BlockAffinity.HostnameHashLabel] = IpamNames.HashOfHost(owner.Name),
                [BlockAffinity.AffinityTypeLabel] = owner.Type,
                [BlockAffinity.IPVersionLabel] = IpamNames.VersionOf(cidr.Family),
            },
        },
        Spec = new BlockAffinitySpec { State = state, Node = owner.Name, Type = owner.Type, Cidr = cidr.ToString() },
    };

    private async ValueTask<T?> FinishDeletionAsync<T>(T? value, Func<T, bool> isDeleted, CancellationToken stop) where T : Resource, new()
    {
        if (value is null || !isDeleted(value)) return value;
        await DeleteAsync(value, stop);
        return null;
    }

    private Written<T> Count<T>(Written<T> written) where T : Resource
    {
        metrics.Wrote(typeof(T).Name, written.Status);
        return written;
    }
}
