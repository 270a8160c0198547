using System.Buffers;
using Margay.Linux.Namespaces;
using Margay.Linux.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Margay.Linux.Netlink;

/// <summary>Visits a message while a datagram is read.</summary>
public delegate void NetlinkVisitor(in NetlinkMessage message);

/// <summary>
/// A netlink socket. It belongs to the network namespace it was opened in for life. One conversation at a time: calls from
/// several threads take turns. The kernel answers inside send(2), so no call here waits for anything but the kernel.
/// </summary>
public sealed class NetlinkSocket : SafeHandleMinusOneIsInvalid
{
    private const int DefaultBufferSize = 8 * 1024 * 1024;
    private const int ReceiveSize = 128 * 1024;
    private const int DumpAttempts = 10;

    private readonly Lock _turn = new();
    // Pooled: sockets into pods' namespaces live for a moment, and arrays of this size are collected last.
    private readonly byte[] _receive = ArrayPool<byte>.Shared.Rent(ReceiveSize);
    private uint _sequence;
    private int _sendBuffer = DefaultBufferSize;

    private NetlinkSocket(int descriptor) : base(true) => SetHandle(descriptor);

    /// <summary>Opens a socket in the caller's network namespace.</summary>
    /// <param name="protocol">For example <see cref="NetlinkProtocol.NETLINK_ROUTE"/>.</param>
    /// <param name="groups">Bit mask of multicast groups 1 to 32 to join; see <see cref="Join"/> for others.</param>
    /// <exception cref="LinuxException">The kernel lacks the protocol, or it is not permitted.</exception>
    public static NetlinkSocket Open(int protocol, uint groups = 0)
    {
        var socket = new NetlinkSocket(Libc.Socket(Libc.AF_NETLINK, Libc.SOCK_RAW, protocol));
        try
        {
            socket.Configure();
            Libc.Bind(socket, new NetlinkAddress { Family = Libc.AF_NETLINK, Groups = groups });
            socket.Port = Libc.PortOf(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The number that the kernel knows this socket by among those of its protocol and network namespace.</summary>
    public uint Port { get; private set; }

    /// <summary>Opens a socket in the network namespace at <paramref name="path"/>.</summary>
    public static NetlinkSocket OpenIn(string path, int protocol, uint groups = 0) =>
        NetworkNamespace.Run(path, () => Open(protocol, groups));

    /// <summary>Joins a multicast group by its number.</summary>
    public void Join(int group)
    {
        if (!Libc.TrySetSocketOption(this, Libc.SOL_NETLINK, Libc.NETLINK_ADD_MEMBERSHIP, group))
            throw LinuxException.LastError($"join netlink group {group}");
    }

    /// <summary>
    /// Sends the messages of <paramref name="request"/>, each with <see cref="NetlinkProtocol.NLM_F_ACK"/> added by the
    /// caller or not, and reads every answer. <paramref name="visit"/> sees answers other than acknowledgements (echoes).
    /// </summary>
    /// <param name="request">One or more ended messages.</param>
    /// <param name="attempt">What this does, for the exception.</param>
    /// <param name="visit">Sees what is not an acknowledgement; or null.</param>
    /// <exception cref="NetlinkException">The first refusal, with the index of its message.</exception>
    public void Request(NetlinkWriter request, string attempt, NetlinkVisitor? visit = null)
    {
        NetlinkException? refusal = null;
        Converse(request, attempt, visit, (index, errno, detail) => refusal ??= new NetlinkException(errno, attempt, detail, index));
        if (refusal is not null) throw refusal;
    }

    /// <summary>
    /// Sends messages that the kernel takes one by one (rtnetlink, not nf_tables batches) and reads every answer.
    /// </summary>
    /// <param name="request">One or more ended messages, each with <see cref="NetlinkProtocol.NLM_F_ACK"/>.</param>
    /// <param name="attempt">What this does, for the exception.</param>
    /// <param name="refused">Called for every refusal: the index of the message, the error number, the kernel's words.</param>
    public void RequestEach(NetlinkWriter request, string attempt, Action<int, int, string?> refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        Converse(request, attempt, null, refused);
    }

    /// <summary>
    /// Dumps: sends one message that has <see cref="NetlinkProtocol.NLM_F_DUMP"/> and parses every answer. A dump that
    /// changed while it was read is repeated as a whole.
    /// </summary>
    /// <param name="request">One ended message.</param>
    /// <param name="attempt">What this reads, for the exception.</param>
    /// <param name="visit">Sees every object.</param>
    /// <param name="restart">Called before a repeated dump: forget what was seen.</param>
    public void Dump(NetlinkWriter request, string attempt, NetlinkVisitor visit, Action restart)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(restart);
        lock (_turn)
        {
            for (int i = 0; i < DumpAttempts; i++)
            {
                if (i > 0) restart();
                if (TryDump(request, attempt, visit)) return;
            }
        }
        throw new NetlinkException(Errno.EINTR, attempt, $"changed during each of {DumpAttempts} dumps");
    }

    /// <summary>Reads one datagram of a socket that joined groups; false when none came in time.</summary>
    /// <param name="visit">Sees its messages.</param>
    /// <param name="timeout">How long to wait; negative for ever.</param>
    /// <exception cref="LinuxException"><see cref="Errno.ENOBUFS"/>: notifications were lost, read the state anew.</exception>
    public bool Receive(NetlinkVisitor visit, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (!Libc.WaitReadable(this, timeout < TimeSpan.Zero ? -1 : (int)timeout.TotalMilliseconds)) return false;
        lock (_turn)
        {
            if (!TryReceive("receive notifications", Libc.MSG_DONTWAIT, out var datagram)) return false;
            var messages = new NetlinkMessages(datagram);
            while (messages.TryNext(out var message)) visit(in message);
            return true;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        ArrayPool<byte>.Shared.Return(_receive);
        return Libc.Close(handle);
    }

    private void Converse(NetlinkWriter request, string attempt, NetlinkVisitor? visit, Action<int, int, string?> refused)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_turn)
        {
            uint first = Send(request, attempt);
            bool answered = !request.LastWantsAck;
            // The kernel has queued all its answers when send returns: read until there is nothing.
            while (TryReceive(attempt, Libc.MSG_DONTWAIT, out var datagram))
            {
                var messages = new NetlinkMessages(datagram);
                while (messages.TryNext(out var message))
                {
                    if (message.Sequence - first >= (uint)request.Count) continue;
                    if (message.Type != NetlinkProtocol.NLMSG_ERROR)
                    {
                        visit?.Invoke(in message);
                        continue;
                    }
                    var ack = NetlinkAck.Read(in message);
                    int index = (int)(ack.Sequence - first);
                    if (ack.Errno > 0) refused(index, ack.Errno, ack.Detail);
                    // A batch that is refused as a whole may leave its last message without an answer.
                    answered |= ack.Errno > 0 || index == request.Count - 1;
                }
            }
            if (!answered) throw new NetlinkException(Errno.ENOBUFS, attempt, "the kernel did not answer", -1);
        }
    }

    private bool TryDump(NetlinkWriter request, string attempt, NetlinkVisitor visit)
    {
        uint sequence = Send(request, attempt);
        bool consistent = true;
        while (true)
        {
            TryReceive(attempt, 0, out var datagram);
            var messages = new NetlinkMessages(datagram);
            while (messages.TryNext(out var message))
            {
                if (message.Sequence != sequence) continue;
                if ((message.Flags & NetlinkProtocol.NLM_F_DUMP_INTR) != 0) consistent = false;
                switch (message.Type)
                {
                    case NetlinkProtocol.NLMSG_DONE:
                        ThrowIfRefused(NetlinkAck.ReadDone(in message), attempt);
                        return consistent;
                    case NetlinkProtocol.NLMSG_ERROR:
                        ThrowIfRefused(NetlinkAck.Read(in message), attempt);
                        return consistent;
                    default:
                        visit(in message);
                        break;
                }
            }
        }
    }

    private static void ThrowIfRefused(NetlinkAck ack, string attempt)
    {
        if (ack.Errno > 0) throw new NetlinkException(ack.Errno, attempt, ack.Detail);
    }

    private uint Send(NetlinkWriter request, string attempt)
    {
        uint first = _sequence + 1;
        _sequence += (uint)request.Count;
        request.Number(first);
        EnsureSendBuffer(request.Length);
        int errno = Libc.Send(this, request.Written);
        return errno == 0 ? first : throw new NetlinkException(errno, attempt, $"sending {request.Length} bytes", -1);
    }

    private bool TryReceive(string attempt, int flags, out ReadOnlySpan<byte> datagram)
    {
        int length = Libc.Receive(this, _receive, flags | Libc.MSG_TRUNC);
        datagram = default;
        if (length == -Errno.EAGAIN) return false;
        if (length < 0) throw new NetlinkException(-length, attempt, "receiving the answer", -1);
        if (length > _receive.Length) throw new MalformedNetlinkException($"{attempt}: a datagram of {length} bytes does not fit {_receive.Length}.");
        datagram = _receive.AsSpan(0, length);
        return true;
    }

    // A batch is one datagram, and the kernel refuses one that is larger than the send buffer less its own overhead.
    private void EnsureSendBuffer(int length)
    {
        if (length < _sendBuffer / 2) return;
        _sendBuffer = checked(length * 2 + DefaultBufferSize);
        SetBuffer(Libc.SO_SNDBUF, Libc.SO_SNDBUFFORCE, _sendBuffer);
    }

    private void Configure()
    {
        SetBuffer(Libc.SO_SNDBUF, Libc.SO_SNDBUFFORCE, DefaultBufferSize);
        SetBuffer(Libc.SO_RCVBUF, Libc.SO_RCVBUFFORCE, DefaultBufferSize);
        // Words for people in errors, no echo of the whole request, and filters in dumps taken seriously (Linux 4.12, 4.3, 4.20).
        Libc.TrySetSocketOption(this, Libc.SOL_NETLINK, Libc.NETLINK_EXT_ACK, 1);
        Libc.TrySetSocketOption(this, Libc.SOL_NETLINK, Libc.NETLINK_CAP_ACK, 1);
        Libc.TrySetSocketOption(this, Libc.SOL_NETLINK, Libc.NETLINK_GET_STRICT_CHK, 1);
    }

    // Without CAP_NET_ADMIN only the size that net.core.*mem_max permits is to be had.
    private void SetBuffer(int option, int force, int size)
    {
        if (!Libc.TrySetSocketOption(this, Libc.SOL_SOCKET, force, size)) Libc.TrySetSocketOption(this, Libc.SOL_SOCKET, option, size);
    }
}
