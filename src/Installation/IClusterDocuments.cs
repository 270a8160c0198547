using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>Documents of the cluster by path, without types: kinds that the model has no use for otherwise.</summary>
internal interface IClusterDocuments
{
    /// <summary>Reads an object or a list; null when it does not exist.</summary>
    /// <exception cref="HttpRequestException">The server is away or refuses.</exception>
    Task<JsonObject?> GetAsync(string path, CancellationToken stop);

    /// <summary>Creates an object; one that exists is left as it is.</summary>
    /// <exception cref="HttpRequestException">The server is away or refuses.</exception>
    Task CreateAsync(string path, JsonObject document, CancellationToken stop);

    /// <summary>Replaces an object's status; false when it has changed since it was read.</summary>
    /// <exception cref="HttpRequestException">The server is away or refuses.</exception>
    Task<bool> ReplaceStatusAsync(string path, JsonObject document, CancellationToken stop);
}
