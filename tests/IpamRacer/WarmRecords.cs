using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Warm;

namespace Margay.Ipam.Tests.Processes;

/// <summary>What a node's process writes down about the pods that it gives addresses to: a file for each, whole or not there.</summary>
internal static class WarmRecords
{
    /// <summary>Every record, those that were written last first.</summary>
    public static List<WarmGift> Read(string folder, string node) =>
    [
        .. from file in new DirectoryInfo(folder).GetFiles("*.pod").OrderByDescending(f => f.LastWriteTimeUtc)
           let pod = Path.GetFileNameWithoutExtension(file.Name)
           from address in File.ReadAllLines(file.FullName)
           select new WarmGift(IpAddr.Parse(address), AddressRequest.OfContainer("k8s-pod-network", pod), AddressRequest.OfPod("shop", pod, node, DateTimeOffset.UnixEpoch)),
    ];

    /// <summary>Notes that the pod asks; false when it has asked before.</summary>
    public static bool Ask(string folder, string pod)
    {
        string file = Path.Combine(folder, pod + ".asked");
        bool first = !File.Exists(file);
        File.WriteAllBytes(file, []);
        return first;
    }

    /// <summary>Records a pod's addresses.</summary>
    public static void Write(string folder, string pod, IEnumerable<IpAddr> addresses)
    {
        string aside = Path.Combine(folder, pod + ".tmp");
        File.WriteAllLines(aside, addresses.Select(a => a.ToString()));
        File.Move(aside, Path.Combine(folder, pod + ".pod"), overwrite: true);
    }

    /// <summary>Forgets a pod.</summary>
    public static void Delete(string folder, string pod)
    {
        File.Delete(Path.Combine(folder, pod + ".pod"));
        File.Delete(Path.Combine(folder, pod + ".asked"));
    }
}
