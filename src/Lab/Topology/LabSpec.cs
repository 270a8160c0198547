using System.Text.Json.Serialization;

namespace Margay.Lab.Topology;

/// <summary>What a lab is made of; stored with the lab, so that it can be repaired and removed.</summary>
public sealed record LabSpec
{
    /// <summary>The lab's name: a lower-case letter, then up to 11 lower-case letters and digits; it begins every netns name.</summary>
    public required string Name { get; init; }

    /// <summary>How many nodes, 1 to 100.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>The port of the API server on 127.0.0.1 of the machine; 0 until one has been chosen.</summary>
    public int ApiPort { get; init; }

    /// <summary>The directory of the programs: margay, margay-cni, margay-node, margay-server and what containers run.</summary>
    public required string Binaries { get; init; }

    /// <summary>Programs that run in the network outside the cluster.</summary>
    public IReadOnlyList<OutsideHost> Outside { get; init; } = [];

    /// <summary>Why the specification cannot be used; empty when it can.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Name.Length is 0 or > 12 || !char.IsAsciiLetterLower(Name[0]) || !Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
            yield return $"name \"{Name}\": a lower-case letter, then up to 11 lower-case letters and digits";
        if (Nodes is < 1 or > 100) yield return $"nodes {Nodes}: 1 to 100";
        if (ApiPort is < 0 or > 65535) yield return $"port {ApiPort}: 1 to 65535, or 0 to choose one";
    }
}

/// <summary>A program with addresses of its own outside the cluster: what pods reach as "the internet".</summary>
/// <param name="Name">Its name, from the manifest.</param>
/// <param name="Addresses">IPv4 and IPv6 addresses.</param>
/// <param name="Command">Program and arguments.</param>
/// <param name="Ports">TCP ports it serves; the matrix probes them.</param>
public sealed record OutsideHost(string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> Command, IReadOnlyList<int> Ports);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LabSpec))]
internal sealed partial class LabSpecJson : JsonSerializerContext;
