using Margay.Answers.Sources;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Answers.Explain;

/// <summary>Which pod has an address of its own.</summary>
internal sealed class AddressOwners
{
    private readonly Dictionary<IpAddr, Pod> _pods = [];

    public AddressOwners(ResourceSet objects)
    {
        foreach (var pod in objects.Of<Pod>().Where(p => p.Spec.HostNetwork != true && p.Status?.Phase is not ("Succeeded" or "Failed")))
        {
            foreach (string? text in pod.Status?.PodIPs is { Count: > 0 } several ? several.Select(p => (string?)p.Ip) : [pod.Status?.PodIP])
                if (IpAddr.TryParse(text, out var address)) _pods.TryAdd(address, pod);
        }
    }

    /// <summary>The pod; null when no pod has the address.</summary>
    public Pod? Find(IpAddr address) => _pods.GetValueOrDefault(address);

    /// <summary>The pod's name, else the address.</summary>
    public string NameOf(IpAddr address) => Find(address) is { } pod ? $"{pod.Metadata.Namespace}/{pod.Metadata.Name}" : address.ToString();
}
