using Margay.Lab.Topology;

namespace Margay.Lab.Pods;

/// <summary>What the workers of one node share.</summary>
internal sealed record NodeContext
{
    public required LabMachine Node { get; init; }

    /// <summary>The directory of the node's pods.</summary>
    public required string Pods { get; init; }

    public required Sandboxes Sandboxes { get; init; }

    public required IPodApi Api { get; init; }

    /// <summary>The containers' PATH.</summary>
    public required string SearchPath { get; init; }

    public required NameServers NameServers { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
