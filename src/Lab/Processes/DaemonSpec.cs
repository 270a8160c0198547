namespace Margay.Lab.Processes;

/// <summary>A process that the lab keeps running.</summary>
internal sealed record DaemonSpec
{
    /// <summary>The name; also the names of its log and its process id file.</summary>
    public required string Name { get; init; }

    /// <summary>The network namespace it runs in; null for the machine's own.</summary>
    public string? Netns { get; init; }

    /// <summary>The program.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments. <see cref="ListenDescriptor"/> in them is replaced by the number of the inherited socket.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Additions to the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A TCP port on 127.0.0.1 of the machine whose listening socket the process inherits; 0 for none.</summary>
    public int ListenPort { get; init; }

    /// <summary>Stands for the descriptor's number in <see cref="Arguments"/>.</summary>
    public const string ListenDescriptor = "{listen-fd}";
}
