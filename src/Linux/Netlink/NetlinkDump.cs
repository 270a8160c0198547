namespace Margay.Linux.Netlink;

/// <summary>Reads one object from a message; null skips it.</summary>
public delegate T? NetlinkParser<out T>(in NetlinkMessage message) where T : class;

/// <summary>Dumps into lists.</summary>
public static class NetlinkDump
{
    /// <summary>Dumps and returns the parsed objects in the kernel's order.</summary>
    /// <param name="socket">Where to ask.</param>
    /// <param name="request">One ended message with <see cref="NetlinkProtocol.NLM_F_DUMP"/>.</param>
    /// <param name="attempt">What this reads, for the exception.</param>
    /// <param name="parse">Reads an object; null skips it.</param>
    public static List<T> DumpAll<T>(this NetlinkSocket socket, NetlinkWriter request, string attempt, NetlinkParser<T> parse)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(socket);
        var found = new List<T>();
        socket.Dump(
            request,
            attempt,
            (in NetlinkMessage message) =>
            {
                if (parse(in message) is { } item) found.Add(item);
            },
            found.Clear);
        return found;
    }
}
