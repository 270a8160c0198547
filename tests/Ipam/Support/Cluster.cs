using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;
using Margay.Model.Resources;

namespace Margay.Ipam.Tests.Support;

/// <summary>A small cluster in memory: pools, nodes, pods, and clients.</summary>
internal sealed class Cluster : IDisposable
{
    public MemoryStore Store { get; } = new();

    public ManualTime Time { get; } = new();

    public IpamMetrics Metrics { get; } = new();

    public static IpamClientOptions Options { get; } = new() { MaxPause = TimeSpan.Zero };

    public IpamClient Client(IpamClientOptions? options = null) => new(Store, options ?? Options, Metrics, Time);

    public IpamCollector Collector(TimeSpan? grace = null) => new(Store, Options, Metrics, Time, grace ?? IpamCollector.DefaultGrace);

    public Cluster Pool(string name, string cidr, Action<IPPoolSpec>? edit = null)
    {
        var pool = new IPPool { Metadata = new() { Name = name }, Spec = new() { Cidr = cidr } };
        edit?.Invoke(pool.Spec);
        Store.Put(pool);
        return this;
    }

    public Cluster Settings(Action<IPAMConfigurationSpec> edit)
    {
        var settings = new IPAMConfiguration { Metadata = new() { Name = "default" } };
        edit(settings.Spec);
        Store.Put(settings);
        return this;
    }

    public Cluster Reserve(params string[] cidrs)
    {
        Store.Put(new IPReservation { Metadata = new() { Name = "r" + cidrs[0].Replace('/', '-') }, Spec = new() { ReservedCIDRs = [.. cidrs] } });
        return this;
    }

    public Cluster Node(string name)
    {
        Store.Put(new Node { Metadata = new() { Name = name } });
        return this;
    }

    public Cluster Pod(string name, string node, params string[] addresses)
    {
        Store.Put(new Pod
        {
            Metadata = new() { Namespace = "shop", Name = name },
            Spec = new() { NodeName = node },
            Status = new() { Phase = "Running", PodIP = addresses.FirstOrDefault(), PodIPs = [.. addresses.Select(a => new PodIP { Ip = a })] },
        });
        return this;
    }

    public AddressRequest Request(string pod, string node, int v4 = 1, int v6 = 0) =>
        new(AddressRequest.OfContainer("k8s-pod-network", pod), node, null, AddressRequest.OfPod("shop", pod, node, Time.GetUtcNow()))
        {
            CountV4 = v4,
            CountV6 = v6,
        };

    public void Dispose() => Metrics.Dispose();
}

internal static class AssignResults
{
    public static string Text(this AssignResult result) => result switch
    {
        Assigned assigned => assigned.ToString(),
        Refused refused => $"{refused.Kind}: {refused.Message}",
        _ => "?",
    };

    public static AssignedAddress One(this AssignResult result) => ((Assigned)result).Addresses.Single();
}
