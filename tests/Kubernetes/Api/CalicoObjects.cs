using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>Custom resources as a node of an older Calico left them: no labels on the claim, no name of a class, a pod that has an address.</summary>
internal static class CalicoObjects
{
    public const string Pool = """
        {"apiVersion":"crd.projectcalico.org/v1","kind":"IPPool","metadata":{"name":"old-pool",
         "annotations":{"projectcalico.org/metadata":"{\"creationTimestamp\":\"2022-03-04T05:06:07Z\"}"} },
         "spec":{"cidr":"10.9.0.0/16","blockSize":30,"ipipMode":"Never","vxlanMode":"Never","natOutgoing":true,"nodeSelector":"all()","allowedUses":["Workload","Tunnel"]} }
        """;

    public const string Block = """
        {"apiVersion":"crd.projectcalico.org/v1","kind":"IPAMBlock","metadata":{"name":"10-9-0-0-30",
         "annotations":{"projectcalico.org/metadata":"{\"creationTimestamp\":null}"} },
         "spec":{"cidr":"10.9.0.0/30","affinity":"host:node-1","strictAffinity":false,"deleted":false,"allocations":[null,0,null,null],"unallocated":[2,3,0],
          "attributes":[{"handle_id":"k8s-pod-network.old","secondary":{"namespace":"shop","node":"node-1","pod":"cart","timestamp":"2022-03-04 05:06:07.123456 +0000 UTC"} }],
          "sequenceNumber":5,"sequenceNumberForAllocation":{"1":4} } }
        """;

    public const string Affinity = """
        {"apiVersion":"crd.projectcalico.org/v1","kind":"BlockAffinity","metadata":{"name":"node-1-10-9-0-0-30",
         "annotations":{"projectcalico.org/metadata":"{\"creationTimestamp\":null}"} },
         "spec":{"cidr":"10.9.0.0/30","node":"node-1","state":"confirmed","deleted":"false"} }
        """;

    public static AddressRequest Request(string handle) =>
        new(handle, "node-1", null, AddressRequest.OfPod("shop", "web", "node-1", DateTimeOffset.UnixEpoch)) { CountV4 = 1 };

    public static IpAddr Given(AssignResult result) => Assert.Single(Assert.IsType<Assigned>(result).Addresses).Address;
}
