using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>Where a pod's state is on disk. The name says which pod it is, so that one can be found without the API.</summary>
/// <param name="Path">The directory.</param>
internal sealed record PodDirectory(string Path)
{
    /// <summary>The directory of a pod among those of its node.</summary>
    public static PodDirectory Of(string podsOfNode, ObjectMeta pod) =>
        new(System.IO.Path.Combine(podsOfNode, $"{pod.Namespace}_{pod.Name}_{pod.Uid}"));

    /// <summary>The directories of all pods of a node.</summary>
    public static IEnumerable<PodDirectory> All(string podsOfNode) =>
        Directory.Exists(podsOfNode) ? Directory.EnumerateDirectories(podsOfNode).Select(path => new PodDirectory(path)) : [];

    /// <summary>The pod's namespace, name and uid; none of them can contain an underscore.</summary>
    public (string Namespace, string Name, string Uid) Pod
    {
        get
        {
            string[] parts = System.IO.Path.GetFileName(Path).Split('_');
            return parts.Length == 3 ? (parts[0], parts[1], parts[2]) : throw new LabException($"{Path} is not the directory of a pod");
        }
    }

    /// <summary>The sandbox: see <see cref="Sandbox"/>.</summary>
    public string SandboxFile => System.IO.Path.Combine(Path, "sandbox.json");

    /// <summary>The pod's /etc/hosts.</summary>
    public string HostsFile => System.IO.Path.Combine(Path, "hosts");

    /// <summary>The pod's /etc/resolv.conf.</summary>
    public string ResolvConf => System.IO.Path.Combine(Path, "resolv.conf");

    /// <summary>The state of one container.</summary>
    public ContainerDirectory Container(string name) => new(System.IO.Path.Combine(Path, "containers", name));

    /// <summary>The names of the containers that have been started.</summary>
    public IEnumerable<string> Containers =>
        Directory.Exists(System.IO.Path.Combine(Path, "containers"))
            ? Directory.EnumerateDirectories(System.IO.Path.Combine(Path, "containers")).Select(path => System.IO.Path.GetFileName(path))
            : [];
}

/// <summary>Where a container's state is on disk.</summary>
/// <param name="Path">The directory.</param>
internal sealed record ContainerDirectory(string Path)
{
    /// <summary>The identity of the process that started the container's command and waits for it.</summary>
    public string PidFile => System.IO.Path.Combine(Path, "pid");

    /// <summary>The command's exit code, once it has ended.</summary>
    public string ExitFile => System.IO.Path.Combine(Path, "exit");

    /// <summary>How often the container has been started again.</summary>
    public string RestartsFile => System.IO.Path.Combine(Path, "restarts");

    /// <summary>What the command printed.</summary>
    public string Log => System.IO.Path.Combine(Path, "log");
}
