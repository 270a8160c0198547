namespace Margay.Controllers.Reconciling;

/// <summary>Whether the datastore may be written: a migration closes it while it moves objects. Written by one, read by all.</summary>
internal sealed class DatastoreGate
{
    private volatile bool _closed;

    /// <summary>Whether controllers may write.</summary>
    public bool IsOpen => !_closed;

    /// <summary>Opens or closes it.</summary>
    /// <returns>True when it was closed and is open now.</returns>
    public bool Set(bool open)
    {
        bool opens = open && _closed;
        _closed = !open;
        return opens;
    }
}
