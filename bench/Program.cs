using Margay.Bench;
using System.Net;
using Margay.Bench.Cluster;
using Margay.Bench.Dataplane;
using Margay.Bench.Ipam;
using Margay.Bench.PacketPath;
using Margay.Model.Datastore.Kube;

switch (args)
{
    case ["probe-server", var address, var port]:
        return Probe.Serve(new IPEndPoint(IPAddress.Parse(address), int.Parse(port)));
    case ["probe-client", var address, var port, var mode, var seconds]:
        Console.WriteLine(Probe.Median(
            new IPEndPoint(IPAddress.Parse(address), int.Parse(port)), mode == "crr", TimeSpan.FromSeconds(double.Parse(seconds))));
        return 0;
    case ["scene"]:
        using (var scene = new Scene("bench"))
        {
            scene.StartServer();
            Console.WriteLine($"RR  {scene.Measure(false):F2} µs");
            Console.WriteLine($"CRR {scene.Measure(true):F2} µs");
        }
        return 0;
    case ["packet-path"]:
        await PathFigures.RunAsync(CancellationToken.None);
        return 0;
    case ["cluster", var programs]:
        Shell.RunAgainInNamespace("bench-cluster", "cluster-inside", programs);
        return 0;
    case ["cluster-inside", var programs]:
        await ClusterFigures.RunInsideAsync(programs, CancellationToken.None);
        return 0;
    case ["cni", var programs]:
        Shell.RunAgainInNamespace("bench-cni", "cni-inside", programs);
        return 0;
    case ["cni-inside", var programs]:
        await CniFigures.RunInsideAsync(programs, CancellationToken.None);
        return 0;
    case ["cni-many", var programs]:
        Shell.RunAgainInNamespace("bench-cni", "cni-many-inside", programs);
        return 0;
    case ["cni-many-inside", var programs]:
        await CniFigures.RunManyInsideAsync(programs, CancellationToken.None);
        return 0;
    case ["traffic", var programs]:
        Shell.RunAgainInNamespace("bench-traffic", "traffic-inside", programs);
        return 0;
    case ["traffic-inside", var programs]:
        await TrafficFigures.RunInsideAsync(programs, CancellationToken.None);
        return 0;
    case ["member"]:
        await MemberFigures.RunAsync(CancellationToken.None);
        return 0;
    case ["ipam"]:
        await AllocationFigures.RunAsync(null, CancellationToken.None);
        return 0;
    case ["ipam", var kubeconfig]:
        using (var server = new KubeClient(KubeConfig.Connect(kubeconfig))) await AllocationFigures.RunAsync(server, CancellationToken.None);
        return 0;
    default:
        Console.Error.WriteLine("usage: Margay.Bench scene | packet-path | member | cluster PROGRAMS | cni PROGRAMS | cni-many PROGRAMS | traffic PROGRAMS | ipam [KUBECONFIG]");
        return 1;
}
