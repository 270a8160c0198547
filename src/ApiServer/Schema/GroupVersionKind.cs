namespace Margay.ApiServer.Schema;

/// <summary>A kind's full name.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version within the group, for example <c>v1</c>.</param>
/// <param name="Kind">The kind, for example <c>Pod</c>.</param>
internal readonly record struct GroupVersionKind(string Group, string Version, string Kind)
{
    /// <summary>Group and version as objects carry them: <c>v1</c>, <c>networking.k8s.io/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Splits an object's <c>apiVersion</c>.</summary>
    public static GroupVersionKind Of(string apiVersion, string kind)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new("", apiVersion, kind) : new(apiVersion[..slash], apiVersion[(slash + 1)..], kind);
    }
}
