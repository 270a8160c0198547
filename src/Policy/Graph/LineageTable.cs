using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>The lineages that have pods. A profile has lineages as heirs, not each pod.</summary>
internal sealed class LineageTable(IdPool ids, ProfileTable profiles)
{
    private readonly TextTable _names = new();
    private readonly Dictionary<long, Lineage> _byName = [];
    private readonly Chunks<Lineage?> _byId = new();

    /// <summary>The lineage of a number; null when it has none.</summary>
    public Lineage? Find(int id) => id < _byId.Capacity ? _byId[id] : null;

    /// <summary>A pod joins the lineage of a namespace and a service account (which may be empty).</summary>
    public int Join(string @namespace, string account, int pod)
    {
        long key = ((long)_names.Id(@namespace) << 32) | (uint)_names.Id(account);
        if (!_byName.TryGetValue(key, out var lineage)) lineage = Add(key, @namespace, account);
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
        _byName.Remove(lineage.Key);
        _byId[id] = null;
        ids.Return(id);
    }

    /// <summary>Reads again what a lineage inherits.</summary>
    public void Refresh(Lineage lineage)
    {
        for (int i = 0; i < lineage.Profiles.Length; i++) lineage.Labels[i] = profiles.LabelsOf(lineage.Profiles[i]);
    }

    private Lineage Add(long key, string @namespace, string account)
    {
        int id = ids.Take();
        string[] names = account.Length == 0
            ? [KnownLabels.ProfileOfNamespace(@namespace)]
            : [KnownLabels.ProfileOfNamespace(@namespace), KnownLabels.ProfileOfServiceAccount(@namespace, account)];
        for (int i = 0; i < names.Length; i++) names[i] = profiles.AddHeir(names[i], id);
        var lineage = new Lineage(id, key, names);
        Refresh(lineage);
        _byName.Add(key, lineage);
        _byId.Reach(id) = lineage;
        return lineage;
    }
}
