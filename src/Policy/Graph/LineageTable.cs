using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The lineages that have pods: a namespace and a service account, whose pods list the same profiles and inherit the same labels. A profile
/// has lineages as heirs, not each pod. Many a namespace has one pod, so that a lineage is a row of numbers.
/// </summary>
internal sealed class LineageTable(ProfileTable profiles)
{
    private const int None = -1;

    private readonly IdPool _ids = new();
    private readonly TextTable _accounts = new();
    private readonly SlotTable _slots = new();
    private readonly Chunks<Lineage> _lineages = new();
    private readonly List<IdSet> _several = [];
    private readonly Stack<int> _freeSeveral = [];
    private readonly LabelSet[] _labels = new LabelSet[2];

    /// <summary>20 bytes. The profiles are those of the namespace and of the service account (or -1), as numbers of <see cref="ProfileTable"/>.</summary>
    private struct Lineage
    {
        public int Home;
        public int Account;
        public int OfNamespace;
        public int OfAccount;

        /// <summary>Positive: the only pod, plus one; negative: the complement of the place of several; 0: none.</summary>
        public int Pods;
    }

    /// <summary>A pod joins the lineage of a namespace, which has the number <paramref name="home"/>, and a service account (which may be empty).</summary>
    public int Join(int home, string @namespace, string account, int pod)
    {
        int ofAccount = _accounts.Id(account);
        int id = Find(home, ofAccount);
        if (id < 0) id = Add(home, @namespace, ofAccount, account);
        AddPod(ref _lineages[id].Pods, pod);
        return id;
    }

    /// <summary>A pod leaves a lineage, which is gone with its last one.</summary>
    public void Leave(int id, int pod)
    {
        ref var lineage = ref _lineages[id];
        if (lineage.Pods < 0)
        {
            var several = _several[~lineage.Pods];
            several.Remove(pod);
            if (several.Count > 0) return;
            _freeSeveral.Push(~lineage.Pods);
        }
        profiles.RemoveHeir(lineage.OfNamespace, Heir.OfLineage(id));
        if (lineage.OfAccount != None) profiles.RemoveHeir(lineage.OfAccount, Heir.OfLineage(id));
        _slots.Remove(Hash(lineage.Home, lineage.Account), id);
        lineage = default;
        _ids.Return(id);
    }

    /// <summary>The pods of a lineage.</summary>
    public SmallIdSet PodsOf(int id)
    {
        int code = _lineages[id].Pods;
        return code >= 0 ? new SmallIdSet(code) : new SmallIdSet(_several[~code]);
    }

    /// <summary>The names of its profiles, first ones first.</summary>
    public string[] ProfilesOf(int id)
    {
        ref var lineage = ref _lineages[id];
        return lineage.OfAccount == None
            ? [profiles.NameOf(lineage.OfNamespace)]
            : [profiles.NameOf(lineage.OfNamespace), profiles.NameOf(lineage.OfAccount)];
    }

    /// <summary>What its profiles give, in their order. Good until the next call.</summary>
    public ReadOnlySpan<LabelSet> LabelsOf(int id)
    {
        ref var lineage = ref _lineages[id];
        _labels[0] = profiles.LabelsOf(lineage.OfNamespace);
        if (lineage.OfAccount == None) return _labels.AsSpan(0, 1);
        _labels[1] = profiles.LabelsOf(lineage.OfAccount);
        return _labels;
    }

    private int Find(int home, int account)
    {
        for (var search = _slots.Find(Hash(home, account)); search.Next();)
            if (_lineages[search.Id].Home == home && _lineages[search.Id].Account == account) return search.Id;
        return None;
    }

    private int Add(int home, string @namespace, int account, string accountName)
    {
        int id = _ids.Take();
        _lineages.Reach(id) = new Lineage
        {
            Home = home,
            Account = account,
            OfNamespace = profiles.AddHeir(KnownLabels.ProfileOfNamespace(@namespace), Heir.OfLineage(id)),
            OfAccount = accountName.Length > 0 ? profiles.AddHeir(KnownLabels.ProfileOfServiceAccount(@namespace, accountName), Heir.OfLineage(id)) : None,
        };
        _slots.Add(Hash(home, account), id);
        return id;
    }

    private void AddPod(ref int code, int pod)
    {
        if (code == pod + 1) return;
        if (code == 0)
        {
            code = pod + 1;
            return;
        }
        if (code > 0)
        {
            int place = _freeSeveral.TryPop(out int free) ? free : _several.Count;
            if (place == _several.Count) _several.Add(new IdSet());
            _several[place].Add(code - 1);
            code = ~place;
        }
        _several[~code].Add(pod);
    }

    private static uint Hash(int home, int account) => (uint)(((((ulong)(uint)home << 32) | (uint)account) * 0x9e37_79b9_7f4a_7c15) >> 32);
}
