using Margay.ApiServer.Schema;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>Finds out what a request is about and hands it to whoever answers it.</summary>
internal sealed class ResourceEndpoint(KindTable kinds, ReadEndpoint reads, WriteEndpoint writes, DeleteEndpoint deletes)
{
    public Task DispatchAsync(HttpContext http)
    {
        if (!RequestPath.TryParse(http.Request.Path.Value ?? "", out RequestPath path) || kinds.Find(path) is not { } kind)
            throw Failures.NoSuchPath();
        if (path.Namespace.Length > 0 && !kind.Namespaced) throw Failures.NoSuchPath();
        if (path.Name.Length > 0 && path.Namespace.Length == 0 && kind.Namespaced) throw Failures.NoSuchPath();
        var request = new ObjectRequest(http, kind, path.Namespace, path.Name, AnswerForm.Choose(http.Request.Headers.Accept.ToString()));
        string method = http.Request.Method;
        if (path.Subresource.Length > 0) return PartAsync(request, path.Subresource, method);
        if (VerbOf(method, path.Name.Length > 0) is { } verb && !kind.Verbs.Contains(verb, StringComparer.Ordinal)) throw Failures.MethodNotAllowed(method);
        return path.Name.Length > 0 ? OneAsync(request, method) : CollectionAsync(request, method);
    }

    // What a kind cannot do is told before anything is read, also to a dry run.
    private static string? VerbOf(string method, bool named) => method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => named ? "delete" : "deletecollection",
        _ => null,
    };

    private Task OneAsync(ObjectRequest request, string method) => method switch
    {
        "GET" or "HEAD" => reads.GetAsync(request),
        "PUT" => writes.UpdateAsync(request, ObjectPart.Main),
        "PATCH" => writes.PatchAsync(request, ObjectPart.Main),
        "DELETE" => deletes.DeleteAsync(request),
        _ => throw Failures.MethodNotAllowed(method),
    };

    private Task CollectionAsync(ObjectRequest request, string method) => method switch
    {
        "GET" or "HEAD" => reads.ListAsync(request),
        "POST" when request.Namespace.Length > 0 || !request.Kind.Namespaced => writes.CreateAsync(request),
        "DELETE" when request.Namespace.Length > 0 || !request.Kind.Namespaced => deletes.DeleteCollectionAsync(request),
        _ => throw Failures.MethodNotAllowed(method),
    };

    private Task PartAsync(ObjectRequest request, string part, string method) => (part, method) switch
    {
        ("status", _) when !request.Kind.HasStatus => throw Failures.NoSuchPath(),
        ("status", "GET" or "HEAD") => reads.GetAsync(request),
        ("status", "PUT") => writes.UpdateAsync(request, ObjectPart.Status),
        ("status", "PATCH") => writes.PatchAsync(request, ObjectPart.Status),
        ("finalize", "PUT") when Is(request.Kind, "Namespace") => writes.UpdateAsync(request, ObjectPart.Finalize),
        ("binding", "POST") when Is(request.Kind, "Pod") => writes.BindAsync(request),
        ("status", _) => throw Failures.MethodNotAllowed(method),
        _ => throw Failures.NoSuchPath(),
    };

    private static bool Is(ServedKind kind, string name) => kind.Gvk is { Group: "", Version: "v1" } && kind.Gvk.Kind == name;
}
