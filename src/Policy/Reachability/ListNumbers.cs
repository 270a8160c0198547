using System.Collections.Immutable;

namespace Margay.Policy.Reachability;

/// <summary>
/// Numbers for lists: equal lists have one. Endpoints with equal lists share the object most of the time, and then nothing is
/// compared; comparing 1,000 names for each of 10,000 endpoints would cost more than all else.
/// </summary>
internal sealed class ListNumbers<T> where T : IEquatable<T>
{
    private readonly Dictionary<ImmutableArray<T>, int> _byObject = [];
    private readonly Dictionary<Content, int> _byContent = [];

    /// <summary>The number of a list.</summary>
    internal int Of(ImmutableArray<T> list)
    {
        if (_byObject.TryGetValue(list, out int number)) return number;
        if (!_byContent.TryGetValue(new Content(list), out number)) _byContent.Add(new Content(list), number = _byContent.Count);
        _byObject.Add(list, number);
        return number;
    }

    private readonly struct Content(ImmutableArray<T> list) : IEquatable<Content>
    {
        private readonly ImmutableArray<T> _list = list;

        public bool Equals(Content other) => _list.AsSpan().SequenceEqual(other._list.AsSpan());

        public override bool Equals(object? obj) => obj is Content other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var item in _list) hash.Add(item);
            return hash.ToHashCode();
        }
    }
}
