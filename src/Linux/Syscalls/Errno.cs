namespace Margay.Linux.Syscalls;

/// <summary>Error numbers of the kernel (<c>include/uapi/asm-generic/errno-base.h</c> and <c>errno.h</c>), positive.</summary>
public static class Errno
{
    /// <summary>Operation not permitted.</summary>
    public const int EPERM = 1;

    /// <summary>No such thing.</summary>
    public const int ENOENT = 2;

    /// <summary>No such process.</summary>
    public const int ESRCH = 3;

    /// <summary>A signal came first; the call may be repeated.</summary>
    public const int EINTR = 4;

    /// <summary>Nothing there yet.</summary>
    public const int EAGAIN = 11;

    /// <summary>Out of memory.</summary>
    public const int ENOMEM = 12;

    /// <summary>Something still refers to it.</summary>
    public const int EBUSY = 16;

    /// <summary>It exists already.</summary>
    public const int EEXIST = 17;

    /// <summary>No such device.</summary>
    public const int ENODEV = 19;

    /// <summary>Invalid argument.</summary>
    public const int EINVAL = 22;

    /// <summary>Too many links: a jump chain that is too deep or goes in a circle.</summary>
    public const int EMLINK = 31;

    /// <summary>The result does not fit the range.</summary>
    public const int ERANGE = 34;

    /// <summary>The message is larger than the socket's send buffer.</summary>
    public const int EMSGSIZE = 90;

    /// <summary>Not supported.</summary>
    public const int EOPNOTSUPP = 95;

    /// <summary>The address is in use.</summary>
    public const int EADDRINUSE = 98;

    /// <summary>No such address.</summary>
    public const int EADDRNOTAVAIL = 99;

    /// <summary>The interface is down.</summary>
    public const int ENETDOWN = 100;

    /// <summary>The network is unreachable.</summary>
    public const int ENETUNREACH = 101;

    /// <summary>No route to the host; in rtnetlink: the gateway cannot be reached.</summary>
    public const int EHOSTUNREACH = 113;

    /// <summary>A receive buffer overflowed and messages were lost.</summary>
    public const int ENOBUFS = 105;

    /// <summary>A time limit passed.</summary>
    public const int ETIMEDOUT = 110;

    /// <summary>The symbolic name, or the number as text when it is not among ours.</summary>
    public static string Name(int errno) => errno switch
    {
        EPERM => nameof(EPERM),
        ENOENT => nameof(ENOENT),
        ESRCH => nameof(ESRCH),
        EINTR => nameof(EINTR),
        EAGAIN => nameof(EAGAIN),
        ENOMEM => nameof(ENOMEM),
        EBUSY => nameof(EBUSY),
        EEXIST => nameof(EEXIST),
        ENODEV => nameof(ENODEV),
        EINVAL => nameof(EINVAL),
        EMLINK => nameof(EMLINK),
        ERANGE => nameof(ERANGE),
        EMSGSIZE => nameof(EMSGSIZE),
        EOPNOTSUPP => nameof(EOPNOTSUPP),
        EADDRINUSE => nameof(EADDRINUSE),
        EADDRNOTAVAIL => nameof(EADDRNOTAVAIL),
        ENETDOWN => nameof(ENETDOWN),
        ENETUNREACH => nameof(ENETUNREACH),
        EHOSTUNREACH => nameof(EHOSTUNREACH),
        ENOBUFS => nameof(ENOBUFS),
        ETIMEDOUT => nameof(ETIMEDOUT),
        _ => $"errno {errno}",
    };
}
