namespace Margay.Policy.Labels;

/// <summary>The items that a selector matches: those of the classes that it matches. Good until the index changes.</summary>
internal readonly struct MatchedItems(LabelIndex index, SmallIdSet classes, int count)
{
    private readonly SmallIdSet _classes = classes;

    /// <summary>The number of items.</summary>
    public int Count => count;

    /// <summary>The items, in no order.</summary>
    public Enumerator GetEnumerator() => new(index, _classes);

    /// <summary>The items in ascending order, copied.</summary>
    public int[] ToArray()
    {
        var items = new int[count];
        int next = 0;
        foreach (int item in this) items[next++] = item;
        Array.Sort(items);
        return items;
    }

    /// <summary>Walks the items.</summary>
    internal struct Enumerator(LabelIndex index, SmallIdSet classes)
    {
        private SmallIdSet.Enumerator _classes = classes.GetEnumerator();
        private int _next = -1;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_next < 0)
            {
                if (!_classes.MoveNext()) return false;
                _next = index.FirstOf(_classes.Current);
            }
            Current = _next;
            _next = index.After(Current);
            return true;
        }
    }
}
