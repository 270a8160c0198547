using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Crd;

/// <summary>
/// A cluster whose projectcalico.org/v3 objects are custom resources of crd.projectcalico.org/v1: these are read and written
/// directly, so nothing depends on an API server that serves version 3. All other kinds pass through. Versions are those of the
/// custom resources, so optimistic concurrency, watches and their resumption are the API server's.
/// </summary>
/// <param name="store">The API server.</param>
/// <param name="time">What creation and deletion times come from; null for the system's clock.</param>
public sealed class CrdStore(IResourceStore store, TimeProvider? time = null) : IResourceStore
{
    private const int Attempts = 20;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public async Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) =>
        Stored(kind) is { } crd ? (await FindAsync(crd, ns, name, stop)).Value : await store.GetAsync(kind, ns, name, stop);

    /// <inheritdoc/>
    public async Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop)
    {
        if (Stored(kind) is not { } crd)
            return await store.ListAsync(kind, scope, stop);
        var filter = new CrdFilter(crd, scope);
        var list = await store.ListAsync(crd.Stored, new Scope(scope.Namespace), stop);
        return new Listing([.. list.Items.Select(item => CrdCodec.ToApi(crd, item)).Where(filter.Matches)], list.ResourceVersion);
    }

    /// <inheritdoc/>
    public async Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop)
    {
        if (Stored(kind) is not { } crd)
            return await store.CreateAsync(kind, value, stop);
        var fresh = kind.Clone(value);
        if (string.IsNullOrEmpty(fresh.Metadata.Name) && fresh.Metadata.GenerateName is { Length: > 0 } prefix)
            fresh.Metadata.Name = prefix + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        if (OlderName(crd, fresh.Metadata.Name ?? "") is { } older)
            await RefuseTwinAsync(crd, fresh, older, stop);
        fresh.Metadata.Uid = null;
        fresh.Metadata.ResourceVersion = null;
        fresh.Metadata.CreationTimestamp ??= Now();
        return await TranslatedAsync(crd, async () => CrdCodec.ToApi(crd, await store.CreateAsync(crd.Stored, CrdCodec.ToStored(crd, fresh), stop)));
    }

    /// <inheritdoc/>
    public async Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop)
    {
        if (Stored(kind) is not { } crd)
            return await store.UpdateAsync(kind, value, subresource, stop);
        var next = kind.Clone(value);
        next.Metadata.CreationTimestamp ??= Now();
        bool anyVersion = string.IsNullOrEmpty(value.Metadata.ResourceVersion);
        for (int attempt = 1; ; attempt++)
        {
            string name = value.Metadata.Name ?? "";
            Resource? before = null;
            // Nobody but us labels address data, and that is written with every pod.
            if (anyVersion || !IsAddressData(crd))
            {
                // Custom resources are never replaced without saying which version is meant.
                before = (await FindAsync(crd, value.Metadata.Namespace, name, stop)).Stored;
                name = before.Metadata.Name!;
                if (anyVersion)
                    next.Metadata.ResourceVersion = before.Metadata.ResourceVersion;
            }

            var stored = CrdCodec.ToStored(crd, next, before);
            stored.Metadata.Name = name;
            try
            {
                var written = CrdCodec.ToApi(crd, await PutAsync(crd, stored, subresource, stop));
                if (written.Metadata is { DeletionTimestamp: not null, Finalizers: not { Count: > 0 } } last)
                    await store.DeleteAsync(crd.Stored, last.Namespace, name, new Preconditions(ResourceVersion: last.ResourceVersion), stop);
                return written;
            }
            catch (ApiException conflict) when (anyVersion && conflict.IsConflict && attempt < Attempts)
            {
                continue;
            }
            catch (ApiException refusal)
            {
                throw CrdRefusal.Translate(crd, refusal);
            }
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop)
    {
        if (Stored(kind) is not { } crd)
        {
            await store.DeleteAsync(kind, ns, name, preconditions, stop);
            return;
        }

        string storedName = name;
        if (!IsAddressData(crd))
        {
            // Finalizers are within the annotation, where the API server does not see them.
            var (found, before) = await FindAsync(crd, ns, name, stop);
            storedName = before.Metadata.Name!;
            if (found.Metadata.Finalizers is { Count: > 0 })
            {
                await MarkAsync(crd, found, before, preconditions, stop);
                return;
            }
        }

        await RemoveAsync(crd, ns, storedName, preconditions, stop);
    }

    /// <summary>Deletes an object at once, whatever finalizers it has: for an API server that has seen to them.</summary>
    /// <param name="kind">The kind; one that is kept in custom resources.</param>
    /// <param name="ns">The namespace; ignored for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="preconditions">Which incarnation or version is meant; null for any.</param>
    /// <param name="stop">Ends the call.</param>
    public async Task EraseAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop)
    {
        var crd = Stored(kind) ?? throw new ArgumentException($"{kind} is not kept in custom resources", nameof(kind));
        string storedName = crd.KeepsName ? (await FindAsync(crd, ns, name, stop)).Stored.Metadata.Name! : name;
        await RemoveAsync(crd, ns, storedName, preconditions, stop);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        KindInfo kind, Scope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken stop)
    {
        if (Stored(kind) is not { } crd)
        {
            await foreach (var events in store.WatchAsync(kind, scope, resourceVersion, stop))
                yield return events;
            yield break;
        }

        var filter = new CrdFilter(crd, scope);
        await foreach (var events in store.WatchAsync(crd.Stored, new Scope(scope.Namespace), resourceVersion, stop))
        {
            var translated = new List<WatchEvent>(events.Count);
            foreach (var happened in events)
                translated.Add(filter.Translate(happened));
            yield return translated;
        }
    }

    /// <summary>How a kind is stored; null for what passes through.</summary>
    private static CrdKind? Stored(KindInfo kind)
    {
        if (CrdKinds.IsDerived(kind))
            throw new ApiException(404, StatusReason.NotFound, $"{kind.QualifiedPlural} are no objects in a cluster that keeps its state in custom resources");
        return CrdKinds.Find(kind);
    }

    private async Task<(Resource Value, Resource Stored)> FindAsync(CrdKind crd, string? ns, string name, CancellationToken stop)
    {
        try
        {
            var stored = await store.GetAsync(crd.Stored, ns, name, stop);
            var found = CrdCodec.ToApi(crd, stored);
            return found.Metadata.Name == name ? (found, stored) : throw NotFound(crd, name);
        }
        catch (ApiException missing) when (missing.IsNotFound && OlderName(crd, name) is not null)
        {
            return await FindOlderAsync(crd, ns, name, OlderName(crd, name)!, stop);
        }
        catch (ApiException refusal)
        {
            throw CrdRefusal.Translate(crd, refusal);
        }
    }

    private async Task<(Resource Value, Resource Stored)> FindOlderAsync(CrdKind crd, string? ns, string name, string older, CancellationToken stop)
    {
        try
        {
            var stored = await store.GetAsync(crd.Stored, ns, older, stop);
            var found = CrdCodec.ToApi(crd, stored);
            return found.Metadata.Name == name ? (found, stored) : throw NotFound(crd, name);
        }
        catch (ApiException missing) when (missing.IsNotFound)
        {
            throw NotFound(crd, name);
        }
    }

    private async Task RefuseTwinAsync(CrdKind crd, Resource fresh, string older, CancellationToken stop)
    {
        try
        {
            await FindOlderAsync(crd, fresh.Metadata.Namespace, fresh.Metadata.Name!, older, stop);
        }
        catch (ApiException missing) when (missing.IsNotFound)
        {
            return;
        }

        throw new ApiException(
            409, StatusReason.AlreadyExists, $"{crd.Api.QualifiedPlural} \"{fresh.Metadata.Name}\" already exists", CrdRefusal.Details(crd, fresh.Metadata.Name));
    }

    private async Task<Resource> PutAsync(CrdKind crd, Resource stored, string? subresource, CancellationToken stop)
    {
        try
        {
            return await store.UpdateAsync(crd.Stored, stored, subresource, stop);
        }
        catch (ApiException missing) when (subresource == "status" && missing.IsNotFound)
        {
            // Definitions of older releases have no status of its own; then it is part of the whole.
            return await store.UpdateAsync(crd.Stored, stored, null, stop);
        }
    }

    private Task RemoveAsync(CrdKind crd, string? ns, string storedName, Preconditions? preconditions, CancellationToken stop)
    {
        var translated = preconditions?.Uid is { } uid ? preconditions with { Uid = CrdUid.Convert(uid) } : preconditions;
        return TranslatedAsync(crd, async () =>
        {
            await store.DeleteAsync(crd.Stored, ns, storedName, translated, stop);
            return true;
        });
    }

    private async Task MarkAsync(CrdKind crd, Resource found, Resource before, Preconditions? preconditions, CancellationToken stop)
    {
        var metadata = found.Metadata;
        bool another = (preconditions?.Uid is { } uid && uid != metadata.Uid) ||
            (preconditions?.ResourceVersion is { } version && version != metadata.ResourceVersion);
        if (another)
            throw new ApiException(409, StatusReason.Conflict, $"Operation cannot be fulfilled on {crd.Api.QualifiedPlural} \"{metadata.Name}\": the object has been modified", CrdRefusal.Details(crd, metadata.Name));
        if (metadata.DeletionTimestamp is not null)
            return;
        metadata.DeletionTimestamp = Now();
        var stored = CrdCodec.ToStored(crd, found, before);
        stored.Metadata.Name = before.Metadata.Name;
        await store.UpdateAsync(crd.Stored, stored, null, stop);
    }

    /// <summary>Until release 3.32 a policy of the default tier was stored under a name that begins with the tier's.</summary>
    private static string? OlderName(CrdKind crd, string name) => crd.KeepsName && name.Length > 0 ? Tier.DefaultName + "." + name : null;

    private static bool IsAddressData(CrdKind crd) => crd.Api.Kind is "IPAMBlock" or "IPAMHandle" or "BlockAffinity";

    private static ApiException NotFound(CrdKind crd, string name) =>
        new(404, StatusReason.NotFound, $"{crd.Api.QualifiedPlural} \"{name}\" not found", CrdRefusal.Details(crd, name));

    private static async Task<T> TranslatedAsync<T>(CrdKind crd, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ApiException refusal)
        {
            throw CrdRefusal.Translate(crd, refusal);
        }
    }

    private string Now() => _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
