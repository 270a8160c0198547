using Margay.ApiServer.Schema;

namespace Margay.ApiServer.OpenApi;

/// <summary>The kinds of patches that a kind takes; kubectl chooses by what the documents say.</summary>
internal static class PatchTypes
{
    private static readonly string[] Plain = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

    private static readonly string[] Strategic = [.. Plain, "application/strategic-merge-patch+json"];

    /// <summary>The media types. Strategic merges need lists with known keys, which only Kubernetes' own kinds have.</summary>
    public static IReadOnlyList<string> Of(ServedKind kind) => kind.Gvk.Group == "projectcalico.org" ? Plain : Strategic;
}
