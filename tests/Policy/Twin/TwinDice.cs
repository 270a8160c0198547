namespace Margay.Policy.Tests.Twin;

/// <summary>Random choices that a seed repeats.</summary>
internal sealed class TwinDice(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    /// <summary>True once in so many times.</summary>
    public bool OnceIn(int times) => _random.Next(times) == 0;

    public T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    /// <summary>One of the values in a part of the cases, else nothing.</summary>
    public T? Maybe<T>(int percent, params ReadOnlySpan<T> values) where T : class => _random.Next(100) < percent ? Pick(values) : null;

    public List<T> Many<T>(int most, Func<T> make)
    {
        var list = new List<T>();
        for (int i = _random.Next(most + 1); i > 0; i--) list.Add(make());
        return list;
    }
}
