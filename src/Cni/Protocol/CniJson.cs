using System.Text.Json.Serialization;

namespace Margay.Cni.Protocol;

/// <summary>Source-generated JSON of everything that a runtime, the plugin and the node service say to one another.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CniNetworkConfig))]
[JsonSerializable(typeof(CniResult))]
[JsonSerializable(typeof(CniError))]
[JsonSerializable(typeof(CniVersionInfo))]
public sealed partial class CniJson : JsonSerializerContext;
