using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>An object whose fields nobody here looks into: kept as they were read.</summary>
/// <param name="apiVersion">Group and version, or null when only the object knows.</param>
/// <param name="kind">The kind, or null likewise.</param>
public abstract class RawResource(string? apiVersion, string? kind) : Resource(apiVersion, kind)
{
    /// <summary>Every field besides <c>apiVersion</c>, <c>kind</c> and <c>metadata</c>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

/// <summary>An object of any kind.</summary>
public sealed class AnyResource() : RawResource(null, null);

/// <summary>Configuration as keys and texts (core v1).</summary>
public sealed class ConfigMap() : RawResource(ApiVersions.Core, "ConfigMap")
{
    /// <summary>Texts.</summary>
    public Dictionary<string, string>? Data { get; set; }
}

/// <summary>Secret data (core v1).</summary>
public sealed class Secret() : RawResource(ApiVersions.Core, "Secret")
{
    /// <summary>Values in Base64.</summary>
    public Dictionary<string, string>? Data { get; set; }

    /// <summary>The type, for example <c>Opaque</c>.</summary>
    public string? Type { get; set; }
}
