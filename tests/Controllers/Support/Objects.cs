using Margay.Model.Resources;

namespace Margay.Controllers.Tests.Support;

/// <summary>Objects as tests want them.</summary>
internal static class Objects
{
    public static Node Node(string name, string? address = null, Dictionary<string, string>? labels = null, Dictionary<string, string>? annotations = null) => new()
    {
        Metadata = { Name = name, Labels = labels, Annotations = annotations },
        Status = new() { Addresses = address is null ? null : [new() { Type = "InternalIP", Address = address }, new() { Type = "Hostname", Address = name }] },
    };

    public static Namespace Space(string name, Dictionary<string, string>? labels = null) => new() { Metadata = { Name = name, Labels = labels } };

    public static IPPool Pool(string name, string cidr, int blockSize, string? mode = null, string use = "LoadBalancer") => new()
    {
        Metadata = { Name = name },
        Spec = new() { Cidr = cidr, BlockSize = blockSize, NodeSelector = "all()", AllowedUses = [use], AssignmentMode = mode },
    };

    public static Service Balancer(string name, params (string Key, string Value)[] annotations) => new()
    {
        Metadata = { Namespace = "shop", Name = name, Annotations = annotations.Length == 0 ? null : annotations.ToDictionary(a => a.Key, a => a.Value) },
        Spec = new() { Type = "LoadBalancer", Ports = [new() { Port = 80 }] },
    };
}
