using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Controllers.Hosting;

/// <summary>What the controllers say of themselves. Written by the loops, read by probes; every part is one atomic reference.</summary>
internal sealed class ControllersHealth(string identity, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private volatile string? _notReady = "reading KubeControllersConfiguration";
    private volatile string _role = "standby";
    private readonly ConcurrentDictionary<string, string> _troubles = new();

    /// <summary>Why the process cannot do its part, or null when it can: as leader, or ready to become it.</summary>
    public string? NotReadyReason => _notReady ?? (_troubles.OrderBy(t => t.Key).Select(t => $"datastore: {t.Key}: {t.Value}").FirstOrDefault());

    /// <summary>It stands by.</summary>
    public void StandsBy() => (_role, _notReady) = ("standby", null);

    /// <summary>What only a leader follows is followed no longer.</summary>
    public void Ended(IEnumerable<string> kinds)
    {
        foreach (string kind in kinds) _troubles.TryRemove(kind, out _);
        StandsBy();
    }

    /// <summary>It leads and reads the cluster's state.</summary>
    public void Begins() => (_role, _notReady) = ("leader", "reading the cluster's state");

    /// <summary>It leads and works.</summary>
    public void Works() => _notReady = null;

    /// <summary>A kind is followed (null), or the last error.</summary>
    public void Datastore(string kind, string? error)
    {
        if (error is null) _troubles.TryRemove(kind, out _);
        else _troubles[kind] = error;
    }

    /// <summary>The state as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ControllersStatus(identity, _role, NotReadyReason is null, NotReadyReason, _started), ControllersStatusJson.Default.ControllersStatus);
}

/// <summary>The answer of <c>/status</c>.</summary>
internal sealed record ControllersStatus(string Identity, string Role, bool Ready, string? Reason, DateTimeOffset Started);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ControllersStatus))]
internal sealed partial class ControllersStatusJson : JsonSerializerContext;
