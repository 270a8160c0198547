namespace Margay.ApiServer.OpenApi;

/// <summary>A query parameter of an operation.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The OpenAPI type.</param>
/// <param name="Description">What it is for.</param>
internal sealed record QueryParameter(string Name, string Type, string Description)
{
    /// <summary>For every writing operation. kubectl looks here before it sends them.</summary>
    public static IReadOnlyList<QueryParameter> Write { get; } =
    [
        new("dryRun", "string", "With the value All the request is checked and answered, but nothing is stored."),
        new("fieldManager", "string", "The name of whoever makes the change; required for server-side apply."),
        new("fieldValidation", "string", "What happens to unknown and repeated fields: Ignore, Warn or Strict."),
    ];

    /// <summary>For patches.</summary>
    public static IReadOnlyList<QueryParameter> Patch { get; } =
        [.. Write, new("force", "boolean", "For server-side apply: take fields over from other managers.")];

    /// <summary>For deletions.</summary>
    public static IReadOnlyList<QueryParameter> Delete { get; } =
    [
        new("dryRun", "string", "With the value All the request is checked and answered, but nothing is deleted."),
        new("gracePeriodSeconds", "integer", "Seconds until the object goes; 0 means at once."),
        new("propagationPolicy", "string", "What happens to dependents: Orphan, Background or Foreground."),
    ];

    /// <summary>For lists and watches.</summary>
    public static IReadOnlyList<QueryParameter> List { get; } =
    [
        new("allowWatchBookmarks", "boolean", "Whether a watch may send BOOKMARK events."),
        new("continue", "string", "The token from the previous part of a list."),
        new("fieldSelector", "string", "Restricts the list by fields, such as metadata.name."),
        new("labelSelector", "string", "Restricts the list by labels."),
        new("limit", "integer", "The largest number of objects in one part of the list."),
        new("resourceVersion", "string", "The version the list or the watch starts from."),
        new("resourceVersionMatch", "string", "How resourceVersion is meant: NotOlderThan or Exact."),
        new("sendInitialEvents", "boolean", "Whether a watch starts with the present objects."),
        new("timeoutSeconds", "integer", "Seconds until the request ends, watches included."),
        new("watch", "boolean", "Watch for changes instead of listing."),
    ];
}
