using Margay.ApiServer.Schema;

namespace Margay.ApiServer.OpenApi;

/// <summary>One thing that can be asked of the server: a method on a path.</summary>
/// <param name="Path">The path, with its parameters in braces.</param>
/// <param name="Method">The HTTP method, lower case.</param>
/// <param name="Action">The value of <c>x-kubernetes-action</c>.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Id">A name that no other operation has.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Query">The query parameters.</param>
/// <param name="Body">The type of the request's body; null for none and for patches.</param>
/// <param name="Answer">The type of the answer.</param>
internal sealed record ApiOperation(
    string Path,
    string Method,
    string Action,
    ServedKind Kind,
    string Id,
    string Summary,
    IReadOnlyList<QueryParameter> Query,
    TypeSchema? Body,
    TypeSchema Answer);
