namespace Margay.ApiServer.Storage;

/// <summary>The revision asked for is older than the retained history.</summary>
internal sealed class CompactedException(long requested, long compacted)
    : Exception($"Revision {requested} was asked for, but history begins after {compacted}.")
{
    public long Requested { get; } = requested;

    public long Compacted { get; } = compacted;
}

/// <summary>The revision asked for has not happened.</summary>
internal sealed class FutureRevisionException(long requested, long current)
    : Exception($"Revision {requested} was asked for, but the newest is {current}.")
{
    public long Requested { get; } = requested;

    public long Current { get; } = current;
}

/// <summary>The value is larger than the storage takes; nothing was written.</summary>
internal sealed class ValueTooLargeException(int size, Exception cause) : Exception($"A value of {size} bytes is too large.", cause);

/// <summary>The storage cannot promise durability now; nothing was acknowledged.</summary>
internal sealed class StorageUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
