using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Lab.Pods;

/// <summary>
/// A pod's network namespace and what the CNI plugin put into it. It is written before anything is made, with
/// <see cref="Ready"/> false, so that whatever a killed pod runner began can be undone.
/// </summary>
/// <param name="Id">The container id that the plugin knows the sandbox by.</param>
/// <param name="Netns">The network namespace; null for a pod on its node's network.</param>
/// <param name="Ready">Whether the plugin has answered.</param>
/// <param name="Addresses">The addresses it gave, IPv4 first.</param>
internal sealed record Sandbox(string Id, string? Netns, bool Ready, IReadOnlyList<string> Addresses)
{
    public static Sandbox? Load(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), PodsJson.Default.Sandbox) : null;

    public void Save(string path)
    {
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, PodsJson.Default.Sandbox));
        File.Move(path + ".new", path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Sandbox))]
internal sealed partial class PodsJson : JsonSerializerContext;
