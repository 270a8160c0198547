using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Ipam.Warm;
using Margay.Model.Resources;

namespace Margay.Ipam.Collection;

/// <summary>Whether an allocation still has somebody who uses it.</summary>
public enum Standing
{
    /// <summary>It has; or nothing is known against it.</summary>
    Live,

    /// <summary>A node keeps it for its next pod, and may give it without asking: nobody else may have it.</summary>
    Ready,

    /// <summary>It does not say whose it is. It is left alone.</summary>
    Unknown,

    /// <summary>Released, waiting to be free.</summary>
    Cooling,

    /// <summary>Nobody uses it. To be believed only when seen again after the grace period.</summary>
    Leaked,
}

/// <summary>The judgement about one allocation and the reason, for people.</summary>
public readonly record struct Judgement(Standing Standing, string Reason)
{
    /// <summary>Judges. An allocation is innocent unless everything that could own it was looked at.</summary>
    public static Judgement Of(GivenAddress allocation, IReadOnlyDictionary<string, Node> nodes, IReadOnlyDictionary<string, Pod> pods)
    {
        var owner = allocation.Owner;
        if (owner.IsCooling) return new(Standing.Cooling, $"released at {owner.ReleasedAt:u}");
        if (string.Equals(owner.CleanHandle, OwnerAttributes.WindowsReservedHandle, StringComparison.OrdinalIgnoreCase))
            return new(Standing.Live, "kept by a Windows node for itself");
        string? node = owner[OwnerAttributes.Node];
        if (owner[OwnerAttributes.Type] is { } type)
        {
            if (type == WarmOwner.Type && node is not null)
                return nodes.ContainsKey(node) ? new(Standing.Ready, $"kept ready by node {node} for its next pod") : new(Standing.Leaked, $"kept ready by node {node}, which is gone");
            if (type == OwnerAttributes.LoadBalancer && owner[OwnerAttributes.Service] is { } service)
                return new(Standing.Live, $"given to service {owner[OwnerAttributes.Namespace]}/{service}");
            if (!OwnerAttributes.IsTunnel(type) || node is null) return new(Standing.Unknown, $"is of type {type}, about which nothing is known");
            return nodes.ContainsKey(node) ? new(Standing.Live, $"tunnel address of node {node}") : new(Standing.Leaked, $"tunnel address of node {node}, which is gone");
        }
        if (owner[OwnerAttributes.Pod] is not { } podName || owner[OwnerAttributes.Namespace] is not { } ns)
            return new(Standing.Unknown, "does not say which pod has it");

        string name = $"{ns}/{podName}";
        if (!pods.TryGetValue(name, out var pod))
            return new(Standing.Leaked, node is not null && !nodes.ContainsKey(node) ? $"pod {name} and node {node} are gone" : $"pod {name} is gone");
        if (node is not null && pod.Spec.NodeName is { Length: > 0 } runsOn && runsOn != node)
            return new(Standing.Leaked, $"pod {name} runs on node {runsOn}, the address was given to it on {node}");
        if (pod.Status?.Phase is "Succeeded" or "Failed") return new(Standing.Leaked, $"pod {name} has ended ({pod.Status.Phase})");

        var addresses = AddressesOf(pod);
        if (addresses.Count == 0) return new(Standing.Live, $"pod {name} is starting");
        return addresses.Contains(allocation.Address)
            ? new(Standing.Live, $"in use by pod {name}")
            : new(Standing.Leaked, $"pod {name} has other addresses ({string.Join(", ", addresses)})");
    }

    /// <summary>The addresses that a pod has: its status, and what the plugin noted on it.</summary>
    internal static HashSet<IpAddr> AddressesOf(Pod pod)
    {
        var texts = new List<string?> { pod.Status?.PodIP };
        texts.AddRange(pod.Status?.PodIPs?.Select(p => p.Ip) ?? []);
        foreach (string key in (string[])["cni.projectcalico.org/podIP", "cni.projectcalico.org/podIPs"])
        {
            if (pod.Metadata.Annotations?.GetValueOrDefault(key) is { } noted) texts.AddRange(noted.Split(','));
        }
        var addresses = new HashSet<IpAddr>();
        foreach (string? text in texts)
        {
            if (IpPrefix.TryParse(text, out var prefix)) addresses.Add(prefix.Address);
        }
        return addresses;
    }
}
