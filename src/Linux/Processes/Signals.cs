using System.ComponentModel;
using System.Runtime.InteropServices;

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

/// <summary>Sends signals (kill(2)).</summary>
public static partial class Signals
{
    private const int ESRCH = 3;

    /// <summary>Sends a signal; false when there is no such process. A negative number addresses a process group.</summary>
    public static bool Send(int pid, Signal signal)
    {
        if (Kill(pid, (int)signal) == 0) return true;
        int error = Marshal.GetLastPInvokeError();
        return error == ESRCH ? false : throw new Win32Exception(error, $"kill({pid}, {signal}): {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
