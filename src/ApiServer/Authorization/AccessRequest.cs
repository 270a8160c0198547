using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Margay.ApiServer.Selection;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Authorization;

/// <summary>What somebody wants to do, in the terms of Kubernetes' authorization.</summary>
/// <param name="User">Who.</param>
/// <param name="Verb">get, list, watch, create, update, patch, delete, deletecollection, or another word; for a path the HTTP method in lower case.</param>
internal sealed record AccessRequest(UserInfo User, string Verb)
{
    /// <summary>The API group; empty for core.</summary>
    public string Group { get; init; } = "";

    /// <summary>The version of the group; no role looks at it.</summary>
    public string Version { get; init; } = "";

    /// <summary>The plural; empty when the request is about a path.</summary>
    public string Resource { get; init; } = "";

    /// <summary>The part of the object; empty for all of it.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>The namespace; empty for the whole cluster.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The object; empty for the collection.</summary>
    public string Name { get; init; } = "";

    /// <summary>The path, when the request is about no resource.</summary>
    public string Path { get; init; } = "";

    /// <summary>Resource and part as rules write them: <c>pods/log</c>.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    /// <summary>What an HTTP request wants.</summary>
    public static AccessRequest Of(HttpContext http, UserInfo user)
    {
        string path = http.Request.Path.Value ?? "", method = http.Request.Method;
        if (!RequestPath.TryParse(path, out var target)) return new AccessRequest(user, method.ToLowerInvariant()) { Path = path };
        return new AccessRequest(user, VerbOf(http, method, target.Name.Length > 0))
        {
            Group = target.Group,
            Version = target.Version,
            Resource = target.Resource,
            Subresource = target.Subresource,
            // A namespace is in itself, so that a role of the namespace can be about it.
            Namespace = target is { Group: "", Resource: "namespaces" } ? target.Name : target.Namespace,
            Name = target.Name.Length > 0 ? target.Name : SelectedName(http, method),
        };
    }

    /// <summary>The refusal, in the words that kubectl users know.</summary>
    public ApiException Refusal()
    {
        if (Resource.Length == 0) return new ApiException(403, "Forbidden", $"forbidden: User \"{User.Name}\" cannot {Verb} path \"{Path}\"") { IsRefusal = true };
        string qualified = Group.Length == 0 ? Resource : $"{Resource}.{Group}";
        string where = Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{Namespace}\"";
        string what = Name.Length == 0 ? qualified : $"{qualified} \"{Name}\"";
        return new ApiException(
            403, "Forbidden", $"{what} is forbidden: User \"{User.Name}\" cannot {Verb} resource \"{FullResource}\" in API group \"{Group}\" {where}",
            new() { ["name"] = Name, ["group"] = Group, ["kind"] = Resource }) { IsRefusal = true };
    }

    /// <summary>A list or a watch of the one object that the selector names is about that object, as in Kubernetes.</summary>
    private static string SelectedName(HttpContext http, string method)
    {
        if (method is not ("GET" or "HEAD")) return "";
        try
        {
            return FieldSelector.Parse(http.Request.Query["fieldSelector"].ToString()).Pinned("metadata.name") ?? "";
        }
        catch (FormatException)
        {
            // Whoever reads the list says what is wrong with the selector.
            return "";
        }
    }

    /// <summary>The refusal for a reason that says all.</summary>
    /// <param name="why">The reason.</param>
    public ApiException Refusal(string why)
    {
        string what = Name.Length == 0 ? $"{Resource}.{Group}" : $"{Resource}.{Group} \"{Name}\"";
        return new ApiException(403, "Forbidden", $"{what} is forbidden: {why}", new() { ["name"] = Name, ["group"] = Group, ["kind"] = Resource }) { IsRefusal = true };
    }

    private static string VerbOf(HttpContext http, string method, bool named) => method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => named ? "delete" : "deletecollection",
        _ when QueryValues.Flag(http.Request.Query, "watch") == true => "watch",
        _ => named ? "get" : "list",
    };
}
