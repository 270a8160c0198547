using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;

namespace Margay.Policy.Conversion;

/// <summary>
/// What a policy demands as JSON: a third of what its objects take, and nothing for the collector to follow. Most policies of a
/// large cluster never come into use on a node; it is read again when one does.
/// </summary>
internal static class PackedSpec
{
    // Nothing of this leaves the process, so that quotes need not be escaped for web pages.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Packs what <see cref="PolicyReading.SpecOf"/> gave.</summary>
    public static byte[] Pack(PolicyKind kind, object spec)
    {
        _buffer ??= new ArrayBufferWriter<byte>(4096);
        _buffer.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_buffer, _options);
        _writer.Reset(_buffer);
        JsonSerializer.Serialize(_writer, spec, TypeOf(kind));
        _writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same again.</summary>
    public static object Unpack(PolicyKind kind, byte[] packed) => JsonSerializer.Deserialize(packed, TypeOf(kind))!;

    private static JsonTypeInfo TypeOf(PolicyKind kind) => kind switch
    {
        PolicyKind.NetworkPolicy => ModelJson.Default.NetworkPolicySpec,
        PolicyKind.GlobalNetworkPolicy => ModelJson.Default.GlobalNetworkPolicySpec,
        PolicyKind.KubernetesNetworkPolicy => ModelJson.Default.KubeNetworkPolicySpec,
        PolicyKind.ClusterNetworkPolicy => ModelJson.Default.ClusterNetworkPolicySpec,
        PolicyKind.StagedNetworkPolicy => ModelJson.Default.StagedNetworkPolicySpec,
        PolicyKind.StagedGlobalNetworkPolicy => ModelJson.Default.StagedGlobalNetworkPolicySpec,
        PolicyKind.StagedKubernetesNetworkPolicy => ModelJson.Default.StagedKubernetesNetworkPolicySpec,
        _ => throw new UnreachableException($"{kind} is no kind of policy."),
    };
}
