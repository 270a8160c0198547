using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Margay.Linux.Processes;

namespace Margay.Lab.Processes;

/// <summary>
/// Starts processes that outlive this one: in a session of their own, with a log file for output, in a network
/// namespace. The chain of <c>sh</c>, <c>setsid</c> and <c>nsenter</c> replaces itself, so the process id that comes
/// back is the program's own.
/// </summary>
internal static class Launcher
{
    // $1 is the log; the rest is the command.
    private const string Detach = "log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null";

    public static ProcessIdentity Start(DaemonSpec daemon, string log, Socket? listener)
    {
        List<string> arguments = ["-c", Detach, "sh", log];
        if (daemon.Netns is not null) arguments.AddRange(["nsenter", $"--net=/run/netns/{daemon.Netns}"]);
        arguments.Add(daemon.Program);
        string descriptor = ((int)(listener?.SafeHandle.DangerousGetHandle() ?? -1)).ToString(CultureInfo.InvariantCulture);
        arguments.AddRange(daemon.Arguments.Select(argument => argument.Replace(DaemonSpec.ListenDescriptor, descriptor, StringComparison.Ordinal)));

        var start = new ProcessStartInfo("/bin/sh", arguments) { WorkingDirectory = "/" };
        foreach (var (name, value) in daemon.Environment) start.Environment[name] = value;
        if (listener is not null) InheritableDescriptor.Set(listener.SafeHandle, inherit: true);
        try
        {
            using var process = Command.Start(start);
            return ProcessIdentity.Of(process.Id) ?? throw new LabException($"{daemon.Name} ended at once", log);
        }
        finally
        {
            if (listener is not null) InheritableDescriptor.Set(listener.SafeHandle, inherit: false);
        }
    }
}
