using System.Text.Json;
using Margay.Cni.Protocol;

namespace Margay.Cni.Wire;

/// <summary>
/// What the plugin hands to the node service: the variables and the configuration untouched. The plugin on the host's
/// disk may be older than the service, and a service that reads everything itself needs nothing new from it.
/// </summary>
public sealed record CniWireRequest
{
    /// <summary>The newest number that the sender speaks; raised only when an old service would misread a request.</summary>
    public int Protocol { get; set; } = CniWire.Protocol;

    /// <summary>The variables.</summary>
    public CniEnvironment Environment { get; set => field = value ?? new(); } = new();

    /// <summary>The document from standard input.</summary>
    public JsonElement Config { get; set; }
}

/// <summary>What the node service answers: what the plugin prints and how it exits.</summary>
public sealed record CniWireResponse
{
    /// <summary>The number that the answer is in.</summary>
    public int Protocol { get; set; } = CniWire.Protocol;

    /// <summary>True when <see cref="Output"/> is an error.</summary>
    public bool Failed { get; set; }

    /// <summary>The document for standard output, in the version that was asked for; null for verbs that answer nothing.</summary>
    public JsonElement? Output { get; set; }
}
