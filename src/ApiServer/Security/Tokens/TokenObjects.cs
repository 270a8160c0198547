using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Security.Tokens;

/// <summary>The objects that tokens are about, as they are now.</summary>
internal sealed class TokenObjects(IStorage storage, KindTable kinds)
{
    /// <summary>One of the core objects; null when there is none.</summary>
    public async ValueTask<JsonObject?> FindAsync(string kind, string space, string name, CancellationToken stop)
    {
        var served = kinds.Find("v1", kind)!;
        return await storage.GetAsync(KeySpace.Of(served, space, name), stop) is { } found ? ObjectView.Of(found).Document() : null;
    }

    /// <summary>The failure that says that there is none.</summary>
    public ApiException Missing(string kind, string name) => Failures.NotFound(kinds.Find("v1", kind)!, name);

    /// <summary>The refusal of another object of the same name.</summary>
    public ApiException Changed(string kind, string name, string why) => Failures.Conflict(kinds.Find("v1", kind)!, name, why);

    /// <summary>Whether there is exactly that object. An account that is going is none any more; a pod that is going still talks.</summary>
    public async ValueTask<bool> IsThereAsync(string kind, string space, string name, string uid, CancellationToken stop) =>
        uid.Length > 0 && await FindAsync(kind, kind == "Node" ? "" : space, name, stop) is { } found && found.Metadata().Text("uid") == uid
        && (kind != "ServiceAccount" || found.Metadata()["deletionTimestamp"] is null);
}
