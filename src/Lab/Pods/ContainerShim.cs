using System.Diagnostics;
using Margay.Lab.Processes;

namespace Margay.Lab.Pods;

/// <summary>What a container is started with.</summary>
internal sealed record ContainerStart
{
    public required ContainerDirectory Directory { get; init; }

    /// <summary>The pod's network namespace; null for the node's.</summary>
    public string? Netns { get; init; }

    public required string Hostname { get; init; }

    /// <summary>The file seen as /etc/resolv.conf; empty to keep the machine's.</summary>
    public string ResolvConf { get; init; } = "";

    /// <summary>The file seen as /etc/hosts; empty to keep the machine's.</summary>
    public string Hosts { get; init; } = "";

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The whole environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyList<string> Command { get; init; }
}

/// <summary>
/// Starts a container's command below a small shell that stays: it belongs to no pod runner, so a pod runner that is
/// killed takes nothing with it, and the next one finds the process id and, later, the exit code in files.
/// </summary>
internal static class ContainerShim
{
    // Run in a mount and a UTS namespace of its own. The identity that it writes is that of ProcessIdentity: the process
    // id and field 22 of its stat. A signal to the group reaches the command; the shell ignores it and waits on.
    private const string Script =
        """
        dir=$1; hostname "$2"
        [ -z "$3" ] || mount --bind "$3" /etc/resolv.conf
        [ -z "$4" ] || mount --bind "$4" /etc/hosts
        mount -t sysfs sysfs /sys 2>/dev/null
        cd "$5" || exit 125
        shift 5
        trap : TERM INT HUP
        "$@" </dev/null &
        child=$!
        read -r stat </proc/$$/stat
        identity() { shift 19; echo "$$ $1"; }
        identity ${stat##*) } >"$dir/pid.new" && mv "$dir/pid.new" "$dir/pid"
        while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
        echo "$code" >"$dir/exit.new" && mv "$dir/exit.new" "$dir/exit"
        """;

    private const string Detach = "log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null";

    /// <summary>Starts the container; the files of an earlier life are removed before.</summary>
    public static void Start(ContainerStart container)
    {
        Directory.CreateDirectory(container.Directory.Path);
        File.Delete(container.Directory.ExitFile);
        File.Delete(container.Directory.PidFile);
        List<string> arguments = ["-c", Detach, "sh", container.Directory.Log];
        if (container.Netns is not null) arguments.AddRange(["nsenter", $"--net=/run/netns/{container.Netns}"]);

        // Slave: when a network namespace's name is removed outside, the copy of the mount goes too and keeps nothing alive.
        arguments.AddRange(["unshare", "--mount", "--uts", "--propagation", "slave", "/bin/sh", "-c", Script, "sh"]);
        arguments.AddRange(
            [container.Directory.Path, container.Hostname, container.ResolvConf, container.Hosts, container.WorkingDirectory]);
        arguments.AddRange(container.Command);

        var start = new ProcessStartInfo("/bin/sh", arguments) { WorkingDirectory = "/" };
        start.Environment.Clear();
        foreach (var (name, value) in container.Environment) start.Environment[name] = value;
        Command.Start(start).Dispose();
    }
}
