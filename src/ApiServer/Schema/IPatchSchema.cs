namespace Margay.ApiServer.Schema;

/// <summary>What a strategic merge patch must know about a kind's lists.</summary>
internal interface IPatchSchema
{
    /// <summary>How a list is merged, or null when a patch replaces it whole.</summary>
    /// <param name="path">The field names from the object's root, joined by dots, without list positions: <c>spec.containers.env</c>.</param>
    ListMerge? MergeOf(string path);

    /// <summary>The field that identifies an element of a list, or null when the list is replaced whole or is a set of plain values.</summary>
    /// <param name="path">As for <see cref="MergeOf"/>.</param>
    string? MergeKey(string path) => MergeOf(path)?.PatchKey;
}
