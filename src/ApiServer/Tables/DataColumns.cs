using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>The columns of configuration, accounts, events and leases.</summary>
internal static class DataColumns
{
    /// <summary>Configuration maps.</summary>
    public static IReadOnlyList<Column> ConfigMap { get; } =
        [Column.ObjectName, Column.Text("Data", "How many entries there are.", m => $"{m.Keys("data") + m.Keys("binaryData")}"), Column.Age];

    /// <summary>Secrets.</summary>
    public static IReadOnlyList<Column> Secret { get; } =
    [
        Column.ObjectName,
        Column.Defaulted("Type", "What kind of secret it is.", "Opaque", "type"),
        Column.Text("Data", "How many entries there are.", s => $"{s.Keys("data")}"),
        Column.Age,
    ];

    /// <summary>Service accounts.</summary>
    public static IReadOnlyList<Column> ServiceAccount { get; } =
        [Column.ObjectName, Column.Text("Secrets", "How many secrets belong to it.", a => $"{a.Items("secrets").Count}"), Column.Age];

    /// <summary>Leases.</summary>
    public static IReadOnlyList<Column> Lease { get; } =
        [Column.ObjectName, Column.Defaulted("Holder", "Who has the lease.", "", "spec", "holderIdentity"), Column.Age];

    /// <summary>Events.</summary>
    public static IReadOnlyList<Column> Event { get; } =
    [
        new("Last Seen", "string", "The time since it happened last.", (e, c) => c.Since(Last(e))),
        Column.Defaulted("Type", "Normal or Warning.", "", "type"),
        Column.Defaulted("Reason", "Why it was reported.", "", "reason"),
        Column.Text("Object", "What it is about.", About),
        Column.Defaulted("Subobject", "The part it is about.", "", "involvedObject", "fieldPath").Wide(),
        Column.Text("Source", "Who reported it.", Source).Wide(),
        Column.Text("Message", "What happened.", e => (e.Text("message") is { Length: > 0 } m ? m : e.Text("note")).Trim()),
        new("First Seen", "string", "The time since it happened first.", (e, c) => c.Since(First(e))) { Priority = 1 },
        Column.Text("Count", "How often it happened.", e => $"{Math.Max(1, Math.Max(e.Number("count"), e.Number("series", "count")))}").Wide(),
        Column.ObjectName.Wide(),
    ];

    private static string Last(JsonObject e) => FirstOf(e.Text("series", "lastObservedTime"), e.Text("lastTimestamp"), First(e));

    private static string First(JsonObject e) =>
        FirstOf(e.Text("firstTimestamp"), e.Text("eventTime"), e.Text("metadata", "creationTimestamp"));

    private static string About(JsonObject e)
    {
        var about = e.At("involvedObject") ?? e.At("regarding");
        return $"{about.Text("kind").ToLowerInvariant()}/{about.Text("name")}";
    }

    private static string Source(JsonObject e)
    {
        var component = FirstOf(e.Text("source", "component"), e.Text("reportingComponent"), e.Text("reportingController"));
        var host = e.Text("source", "host");
        return host.Length == 0 ? component : $"{component}, {host}";
    }

    private static string FirstOf(params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            if (value.Length > 0)
                return value;
        }

        return "";
    }
}
