using System.Runtime.CompilerServices;

namespace Margay.Policy.Labels;

/// <summary>
/// A growing array of values in pieces of equal size: growing copies nothing and leaves no half-empty tail, and an element
/// keeps its place, so that a reference to it stays good.
/// </summary>
internal sealed class Chunks<T>
{
    private T[][] _chunks = [];

    /// <summary>Pieces of large values have fewer: a table of a few must not cost a hundred thousand bytes.</summary>
    private static int Bits => Unsafe.SizeOf<T>() > 24 ? 8 : 10;

    private static int Size => 1 << Bits;

    /// <summary>An element below the largest index that was given to <see cref="Reach"/>.</summary>
    public ref T this[int index] => ref _chunks[index >> Bits][index & (Size - 1)];

    /// <summary>The number of elements that there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>The element, after making room for it.</summary>
    public ref T Reach(int index)
    {
        while (index >= Capacity)
        {
            int count = Capacity >> Bits;
            if (count == _chunks.Length) Array.Resize(ref _chunks, Math.Max(4, count * 2));
            _chunks[count] = new T[Size];
            Capacity += Size;
        }
        return ref this[index];
    }
}
