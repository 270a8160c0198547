namespace Margay.ApiServer.Schema;

/// <summary>How strategic merge patches and server-side apply treat a list instead of replacing it.</summary>
/// <param name="PatchKey">The field that identifies an element in a strategic merge patch; null for a set of plain values.</param>
/// <param name="RetainKeys">Whether a patch names the keys of an element that stay (upstream's <c>retainKeys</c> strategy).</param>
/// <param name="MapKeys">The fields that together identify an element in server-side apply; empty for a set of plain values.</param>
internal sealed record ListMerge(string? PatchKey, bool RetainKeys, IReadOnlyList<string> MapKeys)
{
    /// <summary>The value of <c>x-kubernetes-patch-strategy</c>.</summary>
    public string PatchStrategy => RetainKeys ? "merge,retainKeys" : "merge";
}
