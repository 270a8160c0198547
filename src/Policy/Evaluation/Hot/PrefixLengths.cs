namespace Margay.Policy.Evaluation.Hot;

/// <summary>The prefix lengths of one family that some member has: an address is looked for under each of these.</summary>
/// <param name="longest">32 or 128.</param>
internal sealed class PrefixLengths(int longest)
{
    private readonly int[] _counts = new int[longest + 1];
    private byte[] _inUse = [];

    /// <summary>The lengths, longest first.</summary>
    public ReadOnlySpan<byte> InUse => _inUse;

    /// <summary>One more member has the length.</summary>
    public void Add(int length)
    {
        if (_counts[length]++ == 0) Collect();
    }

    /// <summary>One member less has it.</summary>
    public void Remove(int length)
    {
        if (--_counts[length] == 0) Collect();
    }

    private void Collect() => _inUse = [.. _counts.Index().Where(c => c.Item > 0).Select(c => (byte)c.Index).Reverse()];
}
