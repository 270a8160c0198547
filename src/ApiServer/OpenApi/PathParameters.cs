namespace Margay.ApiServer.OpenApi;

/// <summary>The parameters inside paths.</summary>
internal static class PathParameters
{
    /// <summary>The names in braces, in order.</summary>
    public static IEnumerable<string> Of(string path) =>
        path.Split('/').Where(part => part.StartsWith('{')).Select(part => part[1..^1]);

    /// <summary>What a parameter is.</summary>
    public static string Describe(string name) => name == "namespace" ? "The namespace of the objects." : "The name of the object.";
}
