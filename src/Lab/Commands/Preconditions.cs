using Margay.Lab.Topology;

namespace Margay.Lab.Commands;

/// <summary>Says at once, and all together, what a machine lacks.</summary>
internal static class Preconditions
{
    private static readonly (string Program, string Package)[] Tools =
    [
        ("ip", "iproute2"), ("nsenter", "util-linux"), ("unshare", "util-linux"), ("setsid", "util-linux"), ("mount", "mount"),
        ("hostname", "hostname"), ("dnsmasq", "dnsmasq-base"),
    ];

    private static readonly string[] Programs = ["margay", "margay-cni", "margay-node", "margay-server"];

    public static void Check(LabSpec spec)
    {
        if (!Environment.IsPrivilegedProcess) throw new LabException("a lab needs root: it makes network namespaces");
        string[] directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        string[] missing =
        [
            .. Tools.Where(tool => !directories.Any(directory => File.Exists(Path.Combine(directory, tool.Program))))
                .Select(tool => $"{tool.Program} (Debian package {tool.Package})"),
            .. Programs.Select(program => Path.Combine(spec.Binaries, program)).Where(path => !File.Exists(path)),
        ];
        if (missing.Length > 0) throw new LabException($"missing: {string.Join(", ", missing)}");
    }
}
