namespace Margay.Policy.Labels;

/// <summary>
/// The different lists of labels that there are, each once: pods of one deployment share theirs. A selector is asked about a
/// class, not about each of its items.
/// </summary>
internal sealed class LabelClasses
{
    private readonly LabelArena _arena = new();
    private readonly Chunks<Class> _classes = new();
    private readonly SlotTable _slots = new();
    private int _free = -1;

    private readonly List<IdSet> _several = [];
    private readonly Stack<int> _freeSeveral = [];

    /// <summary>
    /// A class: 20 bytes beside its labels. Free places are chained through <see cref="FirstItem"/>. Nothing but the size of an object limits
    /// how many labels somebody gives a pod: lists too long for <see cref="Length"/> say their lengths in one more label before them.
    /// </summary>
    internal struct Class
    {
        public int Place;
        public ushort Length;
        public ushort Own;
        public int Items;
        public int FirstItem;

        /// <summary>0: no selector matches; positive: this one, plus one; negative: the complement of the place of several; lowest: free.</summary>
        public int Selectors;
    }

    private const int Free = int.MinValue;
    private const ushort Long = ushort.MaxValue;

    /// <summary>Every number of a class is below this.</summary>
    public int Limit { get; private set; }

    /// <summary>A class by its number.</summary>
    public ref Class this[int id] => ref _classes[id];

    /// <summary>The labels of a class: its own, ordered by name, then the inherited ones, ordered by name.</summary>
    public ReadOnlySpan<Label> Labels(int id)
    {
        ref var @class = ref _classes[id];
        return @class.Length < Long ? _arena.Get(@class.Place, @class.Length) : _arena.Get(@class.Place, _arena.Get(@class.Place, 1)[0].Key + 1)[1..];
    }

    /// <summary>How many labels of a class are not inherited.</summary>
    public int OwnOf(int id)
    {
        ref var @class = ref _classes[id];
        return @class.Length < Long ? @class.Own : _arena.Get(@class.Place, 1)[0].Value;
    }

    /// <summary>The class with these labels, of which the first <paramref name="own"/> are not inherited; made when there is none.</summary>
    public int FindOrAdd(ReadOnlySpan<Label> labels, int own, out bool added)
    {
        uint hash = Hash(labels, own);
        for (var search = _slots.Find(hash); search.Next();)
        {
            if (OwnOf(search.Id) != own || !Labels(search.Id).SequenceEqual(labels)) continue;
            added = false;
            return search.Id;
        }
        added = true;
        return Add(labels, own, hash);
    }

    /// <summary>Whether the number is a class's.</summary>
    public bool IsLive(int id) => _classes[id].Selectors != Free;

    /// <summary>The selectors that match a class.</summary>
    public SmallIdSet SelectorsOf(int id)
    {
        int code = _classes[id].Selectors;
        return code >= 0 ? new SmallIdSet(code) : new SmallIdSet(_several[~code]);
    }

    /// <summary>A selector matches the class; false when that was known.</summary>
    public bool AddSelector(int id, int selector)
    {
        ref int code = ref _classes[id].Selectors;
        if (code < 0) return _several[~code].Add(selector);
        if (code == selector + 1) return false;
        if (code == 0)
        {
            code = selector + 1;
            return true;
        }
        int place = _freeSeveral.TryPop(out int free) ? free : _several.Count;
        if (place == _several.Count) _several.Add(new IdSet());
        _several[place].Add(code - 1);
        code = ~place;
        return _several[place].Add(selector);
    }

    /// <summary>A selector matches the class no longer.</summary>
    public void RemoveSelector(int id, int selector)
    {
        ref int code = ref _classes[id].Selectors;
        if (code < 0) _several[~code].Remove(selector);
        else if (code == selector + 1) code = 0;
    }

    /// <summary>Forgets a class that has no items.</summary>
    public void Remove(int id)
    {
        ref var @class = ref _classes[id];
        var labels = Labels(id);
        _slots.Remove(Hash(labels, OwnOf(id)), id);
        _arena.Free(@class.Place, @class.Length < Long ? labels.Length : labels.Length + 1);
        if (@class.Selectors < 0)
        {
            _several[~@class.Selectors].Clear();
            _freeSeveral.Push(~@class.Selectors);
        }
        @class.Selectors = Free;
        @class.FirstItem = _free;
        _free = id;
    }

    private int Add(ReadOnlySpan<Label> labels, int own, uint hash)
    {
        int id = _free;
        if (id >= 0) _free = _classes[id].FirstItem;
        else id = Limit++;
        ref var @class = ref _classes.Reach(id);
        if (labels.Length < Long) (@class.Place, @class.Length, @class.Own) = (_arena.Store(labels), (ushort)labels.Length, (ushort)own);
        else (@class.Place, @class.Length, @class.Own) = (_arena.Store([new Label(labels.Length, own), .. labels]), Long, 0);
        @class.Items = 0;
        @class.FirstItem = -1;
        @class.Selectors = 0;
        _slots.Add(hash, id);
        return id;
    }

    private static uint Hash(ReadOnlySpan<Label> labels, int own) => (uint)(LabelOrder.Hash(labels) ^ own);
}
