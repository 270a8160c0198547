namespace Margay.ApiServer.Rest;

/// <summary>What a path names. Kubernetes' grammar: group and version, optional namespace, resource, name, subresource.</summary>
/// <param name="Group">The API group; empty for core.</param>
/// <param name="Version">The version.</param>
/// <param name="Namespace">The namespace; empty for none or all.</param>
/// <param name="Resource">The plural.</param>
/// <param name="Name">The object; empty for the collection.</param>
/// <param name="Subresource">The part of the object; empty for all of it.</param>
internal readonly record struct RequestPath(
    string Group, string Version, string Namespace, string Resource, string Name, string Subresource)
{
    /// <summary>Reads a path such as <c>/apis/projectcalico.org/v3/namespaces/shop/networkpolicies/allow-dns</c>.</summary>
    /// <returns>False when the path cannot name a resource, whatever is served.</returns>
    public static bool TryParse(string path, out RequestPath parsed)
    {
        parsed = default;
        string[] parts = path.Trim('/').Split('/');
        int at;
        string group;
        if (parts[0] == "api" && parts.Length >= 3) (group, at) = ("", 1);
        else if (parts[0] == "apis" && parts.Length >= 4) (group, at) = (parts[1], 2);
        else return false;
        string version = parts[at++];
        string space = "";
        // "namespaces" is itself a resource: it leads on only when something other than a subresource of it follows.
        if (parts[at] == "namespaces" && parts.Length > at + 2 && !(parts.Length == at + 3 && parts[at + 2] is "status" or "finalize"))
        {
            space = parts[at + 1];
            at += 2;
            if (space.Length == 0) return false;
        }
        if (parts.Length - at is < 1 or > 3) return false;
        string Part(int index) => at + index < parts.Length ? parts[at + index] : "";
        parsed = new RequestPath(group, version, space, Part(0), Part(1), Part(2));
        return parsed.Resource.Length > 0;
    }
}
