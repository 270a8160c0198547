using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;
using static Margay.Linux.Route.Rtnetlink;

namespace Margay.Linux.Route;

/// <summary>A change in the kernel.</summary>
public abstract record RouteEvent;

/// <summary>An interface is new or has changed.</summary>
public sealed record LinkChanged(Link Link) : RouteEvent;

/// <summary>An interface is gone.</summary>
public sealed record LinkGone(Link Link) : RouteEvent;

/// <summary>A route is new.</summary>
public sealed record RouteChanged(KernelRoute Route) : RouteEvent;

/// <summary>A route is gone. The kernel says nothing about IPv4 routes that go with their interface.</summary>
public sealed record RouteGone(KernelRoute Route) : RouteEvent;

/// <summary>Events were lost: read the state anew.</summary>
public sealed record EventsLost : RouteEvent;

/// <summary>Hears of changes to links and routes of one namespace, whoever makes them but one.</summary>
public sealed class RouteMonitor : IDisposable
{
    private const uint Groups = RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;

    private readonly NetlinkSocket _socket;

    private RouteMonitor(NetlinkSocket socket) => _socket = socket;

    /// <summary>
    /// Whose changes of routes are not told: the listener's own, by the port of its socket. An echo may come late, when the state is
    /// another one already, and would look like somebody else's change. 0: everybody's are told.
    /// </summary>
    public uint Own { get; set; }

    /// <summary>In the caller's namespace. Everything that happens from now on is heard.</summary>
    public static RouteMonitor Open() => new(NetlinkSocket.Open(NetlinkProtocol.NETLINK_ROUTE, Groups));

    /// <summary>In the namespace at a path.</summary>
    public static RouteMonitor OpenIn(string path) => new(NetlinkSocket.OpenIn(path, NetlinkProtocol.NETLINK_ROUTE, Groups));

    /// <summary>Waits for events and adds them to the list; false when none came in time.</summary>
    public bool Receive(ICollection<RouteEvent> events, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(events);
        try
        {
            return _socket.Receive(
                (in NetlinkMessage message) =>
                {
                    if (!IsEcho(in message) && Read(in message) is { } happened) events.Add(happened);
                },
                timeout);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOBUFS)
        {
            events.Add(new EventsLost());
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool IsEcho(in NetlinkMessage message) => Own != 0 && message.Port == Own && message.Type is (RTM_NEWROUTE or RTM_DELROUTE);

    private static RouteEvent? Read(in NetlinkMessage message) => message.Type switch
    {
        RTM_NEWLINK => RouteReader.ReadLink(in message) is { } link ? new LinkChanged(link) : null,
        RTM_DELLINK => RouteReader.ReadLink(in message) is { } link ? new LinkGone(link) : null,
        RTM_NEWROUTE => RouteReader.ReadRoute(in message) is { } route ? new RouteChanged(route) : null,
        RTM_DELROUTE => RouteReader.ReadRoute(in message) is { } route ? new RouteGone(route) : null,
        _ => null,
    };
}
