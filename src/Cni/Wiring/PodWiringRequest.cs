using Margay.Foundation.Primitives;
using Margay.Linux.Route;

namespace Margay.Cni.Wiring;

/// <summary>How a pod is to be connected.</summary>
public sealed record PodWiringRequest
{
    /// <summary>Whose the interface is.</summary>
    public required AttachmentMark Mark { get; init; }

    /// <summary>The path of the pod's network namespace.</summary>
    public required string NetNs { get; init; }

    /// <summary>The host's side, see <see cref="HostInterfaceName"/>.</summary>
    public required string HostInterface { get; init; }

    /// <summary>The pod's addresses; at most a few of each family.</summary>
    public required IReadOnlyList<IpAddr> Addresses { get; init; }

    /// <summary>Bytes of payload in a frame; 0: 1500.</summary>
    public int Mtu { get; init; }

    /// <summary>The pod's hardware address; null: the kernel picks one.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The families of the addresses.</summary>
    internal IEnumerable<IpFamily> Families => Addresses.Select(a => a.Family).Distinct();
}

/// <summary>What the wiring of a pod came to.</summary>
/// <param name="HostIndex">The index of the host's side.</param>
/// <param name="HostInterface">The name of the host's side.</param>
/// <param name="PodMac">The hardware address of the pod's side.</param>
/// <param name="Mtu">The MTU in bytes.</param>
public sealed record PodWiringResult(int HostIndex, string HostInterface, MacAddress PodMac, int Mtu);

/// <summary>A host interface of ours, and whose it is.</summary>
/// <param name="Mark">Whose it is.</param>
/// <param name="HostInterface">Its name.</param>
public readonly record struct WiredAttachment(AttachmentMark Mark, string HostInterface);

/// <summary>A pod cannot be connected, and another try will not help.</summary>
/// <param name="message">What stands in the way, and what to do.</param>
public sealed class PodWiringException(string message) : Exception(message);
