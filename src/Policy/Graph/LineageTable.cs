using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>The lineages that have pods. A profile has lineages as heirs, not each pod.</summary>
internal sealed class LineageTable(IdPool ids, ProfileTable profiles)
{
    private readonly TextTable _accounts = new();
    private readonly SlotTable _slots = new();
    private readonly Chunks<Lineage?> _byId = new();

    /// <summary>The lineage of a number; null when it has none.</summary>
    public Lineage? Find(int id) => id < _byId.Capacity ? _byId[id] : null;

    /// <summary>A pod joins the lineage of a namespace, which has the number <paramref name="home"/>, and a service account (which may be empty).</summary>
    public int Join(int home, string @namespace, string account, int pod)
    {
        long key = ((long)home << 32) | (uint)_accounts.Id(account);
        var lineage = Find(key) ?? Add(key, @namespace, account);
        lineage.Pods.Add(pod);
        return lineage.Id;
    }

    /// <summary>A pod leaves a lineage.</summary>
    public void Leave(int id, int pod)
    {
        var lineage = _byId[id]!;
        lineage.Pods.Remove(pod);
        if (lineage.Pods.Count > 0) return;
        foreach (string profile in lineage.Profiles) profiles.RemoveHeir(profile, id);
        _slots.Remove(Hash(lineage.Key), id);
        _byId[id] = null;
        ids.Return(id);
    }

    /// <summary>Reads again what a lineage inherits.</summary>
    public void Refresh(Lineage lineage)
    {
        for (int i = 0; i < lineage.Profiles.Length; i++) lineage.Labels[i] = profiles.LabelsOf(lineage.Profiles[i]);
    }

    private Lineage? Find(long key)
    {
        for (var search = _slots.Find(Hash(key)); search.Next();)
            if (_byId[search.Id]!.Key == key) return _byId[search.Id];
        return null;
    }

    private Lineage Add(long key, string @namespace, string account)
    {
        var lineage = new Lineage(ids.Take(), key);
        Inherit(lineage, KnownLabels.ProfileOfNamespace(@namespace));
        if (account.Length > 0) Inherit(lineage, KnownLabels.ProfileOfServiceAccount(@namespace, account));
        _byId.Reach(lineage.Id) = lineage;
        _slots.Add(Hash(key), lineage.Id);
        return lineage;
    }

    private void Inherit(Lineage lineage, string profile)
    {
        var (name, labels) = profiles.AddHeir(profile, lineage.Id);
        lineage.Add(name, labels);
    }

    private static uint Hash(long key) => (uint)(((ulong)key * 0x9e37_79b9_7f4a_7c15) >> 32);
}
