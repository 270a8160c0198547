using Margay.Lab.Control;

namespace Margay.Lab.Pods;

/// <summary>
/// The pods' /etc/resolv.conf files. They are written in place, because a bind mount shows the file and not its name; a
/// pod that starts before the name server has an address gets it as soon as there is one.
/// </summary>
internal sealed class NameServers(string podsOfNode)
{
    private IReadOnlyList<string> _addresses = [];

    /// <summary>Uses these addresses in the files of all pods, now and later.</summary>
    public void Change(IReadOnlyList<string> addresses)
    {
        if (addresses.SequenceEqual(Volatile.Read(ref _addresses))) return;
        Volatile.Write(ref _addresses, addresses);
        foreach (var directory in PodDirectory.All(podsOfNode).Where(directory => File.Exists(directory.ResolvConf))) Write(directory);
    }

    /// <summary>Writes one pod's file, if it says something else.</summary>
    public void Write(PodDirectory directory)
    {
        string text = DnsHosts.ResolvConf(Volatile.Read(ref _addresses), directory.Pod.Namespace);
        if (!File.Exists(directory.ResolvConf) || File.ReadAllText(directory.ResolvConf) != text) File.WriteAllText(directory.ResolvConf, text);
    }
}
