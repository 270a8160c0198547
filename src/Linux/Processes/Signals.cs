using Margay.Linux.Syscalls;

namespace Margay.Linux.Processes;

/// <summary>Signals of signal(7), by their numbers.</summary>
public enum Signal
{
    /// <summary>SIGHUP.</summary>
    HangUp = 1,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM.</summary>
    Terminate = 15,

    /// <summary>SIGCONT.</summary>
    Continue = 18,

    /// <summary>SIGSTOP.</summary>
    Stop = 19,
}

/// <summary>Sends signals.</summary>
public static class Signals
{
    /// <summary>Sends a signal (kill(2)); false when there is no such process. A negative number addresses a process group.</summary>
    public static bool Send(int pid, Signal signal) => Libc.TryKill(pid, (int)signal);
}
