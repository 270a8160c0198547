using Margay.Policy.Conversion;

namespace Margay.Policy.Graph;

/// <summary>The lineages that have pods. A profile has lineages as heirs, not each pod.</summary>
internal sealed class LineageTable(IdPool ids, ProfileTable profiles)
{
    private readonly Dictionary<(string Namespace, string Account), int> _byName = [];
    private readonly Dictionary<int, (Lineage Lineage, string Namespace, string Account)> _byId = [];

    /// <summary>The lineage of a number; null when it has none.</summary>
    public Lineage? Find(int id) => _byId.TryGetValue(id, out var found) ? found.Lineage : null;

    /// <summary>A pod joins the lineage of a namespace and a service account (which may be empty).</summary>
    public int Join(string @namespace, string account, int pod)
    {
        if (!_byName.TryGetValue((@namespace, account), out int id)) id = Add(@namespace, account);
        _byId[id].Lineage.Pods.Add(pod);
        return id;
    }

    /// <summary>A pod leaves a lineage.</summary>
    public void Leave(int id, int pod)
    {
        var (lineage, @namespace, account) = _byId[id];
        lineage.Pods.Remove(pod);
        if (lineage.Pods.Count > 0) return;
        foreach (string profile in lineage.Profiles) profiles.RemoveHeir(profile, id);
        _byName.Remove((@namespace, account));
        _byId.Remove(id);
        ids.Return(id);
    }

    /// <summary>Reads again what a lineage inherits.</summary>
    public void Refresh(Lineage lineage)
    {
        for (int i = 0; i < lineage.Profiles.Length; i++) lineage.Labels[i] = profiles.LabelsOf(lineage.Profiles[i]);
    }

    private int Add(string @namespace, string account)
    {
        int id = ids.Take();
        string[] names = account.Length == 0
            ? [KnownLabels.ProfileOfNamespace(@namespace)]
            : [KnownLabels.ProfileOfNamespace(@namespace), KnownLabels.ProfileOfServiceAccount(@namespace, account)];
        var lineage = new Lineage(id, names);
        foreach (string profile in names) profiles.AddHeir(profile, id);
        Refresh(lineage);
        _byName.Add((@namespace, account), id);
        _byId.Add(id, (lineage, @namespace, account));
        return id;
    }
}
