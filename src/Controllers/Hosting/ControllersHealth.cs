using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Controllers.Hosting;

/// <summary>What the controllers say of themselves. Written by the loops, read by probes; every part is one atomic reference.</summary>
internal sealed class ControllersHealth(string identity, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private volatile string? _notReady = "reading KubeControllersConfiguration";
    private volatile string _role = "standby";
    private volatile string? _datastore;

    /// <summary>Why the process cannot do its part, or null when it can: as leader, or ready to become it.</summary>
    public string? NotReadyReason => _notReady ?? (_datastore is { } error ? "datastore: " + error : null);

    /// <summary>It stands by.</summary>
    public void StandsBy() => (_role, _notReady) = ("standby", null);

    /// <summary>It leads and reads the cluster's state.</summary>
    public void Begins() => (_role, _notReady) = ("leader", "reading the cluster's state");

    /// <summary>It leads and works.</summary>
    public void Works() => _notReady = null;

    /// <summary>The API server answers (null), or the last error.</summary>
    public void Datastore(string? error) => _datastore = error;

    /// <summary>The state as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ControllersStatus(identity, _role, NotReadyReason is null, NotReadyReason, _started), ControllersStatusJson.Default.ControllersStatus);
}

/// <summary>The answer of <c>/status</c>.</summary>
internal sealed record ControllersStatus(string Identity, string Role, bool Ready, string? Reason, DateTimeOffset Started);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ControllersStatus))]
internal sealed partial class ControllersStatusJson : JsonSerializerContext;
