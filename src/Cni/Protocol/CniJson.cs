using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Cni.Protocol;

/// <summary>Source-generated JSON of everything that a runtime, the plugin and the node service say to one another.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CniNetworkConfig))]
[JsonSerializable(typeof(CniResult))]
[JsonSerializable(typeof(CniError))]
[JsonSerializable(typeof(CniVersionInfo))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class CniJson : JsonSerializerContext
{
    private static CniJson? s_readable;

    /// <summary>For writing: people read these documents in logs, where \u0027 is no help. Nothing of it gets into HTML.</summary>
    public static CniJson Readable => s_readable ??=
        new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
