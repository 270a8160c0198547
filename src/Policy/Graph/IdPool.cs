namespace Margay.Policy.Graph;

/// <summary>Small numbers for pods and network sets; numbers that are given back are used again, so that sets of them stay dense.</summary>
internal sealed class IdPool
{
    private readonly Stack<int> _free = [];
    private int _next;

    /// <summary>A number that nothing has.</summary>
    public int Take() => _free.TryPop(out int id) ? id : _next++;

    /// <summary>The number is free.</summary>
    public void Return(int id) => _free.Push(id);
}
