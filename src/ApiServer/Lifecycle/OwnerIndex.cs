using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Lifecycle;

/// <summary>What the collector knows of an object.</summary>
internal sealed record OwnedObject(
    string Key, ObjectTarget Target, string Uid, bool Deleting, IReadOnlyList<string> Finalizers, IReadOnlyList<OwnerLink> Owners)
{
    /// <summary>Whether the owner's foreground deletion waits for this one.</summary>
    public bool Blocks(string owner) => Owners.Any(o => o.Uid == owner && o.Blocks);
}

/// <summary>A reference to an owner.</summary>
internal readonly record struct OwnerLink(string Uid, bool Blocks);

/// <summary>Who owns whom, by uid.</summary>
internal sealed class OwnerIndex(KindTable kinds)
{
    private readonly Dictionary<string, OwnedObject> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);

    public void Clear()
    {
        _byKey.Clear();
        _byUid.Clear();
        _dependents.Clear();
    }

    public OwnedObject? Find(string key) => _byKey.GetValueOrDefault(key);

    public bool Exists(string uid) => _byUid.ContainsKey(uid);

    public IEnumerable<OwnedObject> DependentsOf(string uid) =>
        _dependents.TryGetValue(uid, out HashSet<string>? keys) ? keys.Select(k => _byKey[k]).ToArray() : [];

    /// <summary>Takes in a change.</summary>
    /// <returns>The keys for which something may have to be done: the object, its dependents, its owners.</returns>
    public IReadOnlyCollection<string> Change(StorageEvent change)
    {
        var concerned = new List<string> { change.Key };
        if (_byKey.Remove(change.Key, out OwnedObject? old))
        {
            _byUid.Remove(old.Uid);
            foreach (OwnerLink owner in old.Owners) _dependents.GetValueOrDefault(owner.Uid)?.Remove(change.Key);
            concerned.AddRange(Around(old));
        }
        if (change.Current is { } current && kinds.OfKey(change.Key) is { } kind)
        {
            OwnedObject now = Read(kind, current);
            _byKey[change.Key] = now;
            _byUid[now.Uid] = change.Key;
            foreach (OwnerLink owner in now.Owners)
            {
                if (!_dependents.TryGetValue(owner.Uid, out HashSet<string>? keys)) _dependents[owner.Uid] = keys = [];
                keys.Add(change.Key);
            }
        }
        return concerned;
    }

    private IEnumerable<string> Around(OwnedObject item)
    {
        foreach (OwnerLink owner in item.Owners)
            if (_byUid.TryGetValue(owner.Uid, out string? key)) yield return key;
        if (_dependents.TryGetValue(item.Uid, out HashSet<string>? dependents))
            foreach (string key in dependents) yield return key;
    }

    private static OwnedObject Read(ServedKind kind, StoredObject stored)
    {
        JsonObject metadata = ObjectView.Of(stored).Metadata();
        OwnerLink[] owners = metadata.List("ownerReferences") is { } list
            ? [.. list.OfType<JsonObject>().Select(o => new OwnerLink(o.Text("uid"), o.Flag("blockOwnerDeletion")))]
            : [];
        return new OwnedObject(stored.Key, new ObjectTarget(kind, metadata.Text("namespace"), metadata.Text("name")),
            metadata.Text("uid"), metadata["deletionTimestamp"] is not null, metadata.Texts("finalizers"), owners);
    }
}
