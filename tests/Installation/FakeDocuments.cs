using System.Text.Json.Nodes;

namespace Margay.Installation.Tests;

/// <summary>A cluster of documents by path; lists are what stands below a path.</summary>
internal sealed class FakeDocuments : IClusterDocuments
{
    public Dictionary<string, JsonObject> Objects { get; } = [];

    public List<string> Writes { get; } = [];

    public Task<JsonObject?> GetAsync(string path, CancellationToken stop)
    {
        string plain = path.Split('?')[0];
        if (Objects.TryGetValue(plain, out var found)) return Task.FromResult<JsonObject?>((JsonObject)found.DeepClone());
        var below = Objects.Where(pair => pair.Key.StartsWith(plain + "/", StringComparison.Ordinal)).Select(pair => pair.Value.DeepClone()).ToArray();
        return Task.FromResult<JsonObject?>(below.Length > 0 ? new JsonObject { ["items"] = new JsonArray(below) } : null);
    }

    public Task CreateAsync(string path, JsonObject document, CancellationToken stop)
    {
        string full = $"{path}/{document.Text("metadata", "name")}";
        Writes.Add($"create {full}");
        Objects.TryAdd(full, document);
        return Task.CompletedTask;
    }

    public Task<bool> ReplaceStatusAsync(string path, JsonObject document, CancellationToken stop)
    {
        Writes.Add($"status {path}");
        Objects[path] = document;
        return Task.FromResult(true);
    }
}
