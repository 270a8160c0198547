using System.Text.Json;
using Margay.Answers.Sources;
using Margay.Answers.Worlds;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Policy.Reachability.Comparison;

namespace Margay.Answers.Plan;

/// <summary>Says what a change of objects does to connections.</summary>
public static class Planning
{
    /// <summary>Answers.</summary>
    /// <param name="before">The world as it is.</param>
    /// <param name="after">The world as it would be; completed together with the other one.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="stop">Ends the work.</param>
    public static PlanAnswer Run(PolicyWorld before, PolicyWorld after, Action<string> progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(progress);
        progress("comparing who reaches whom");
        var difference = PolicyComparison.Compare(before.State, after.State, new PodPlacement(before.NodeOf, after.NodeOf), stop);
        progress($"summing up {difference.Changes.Length} changes");
        var lines = new PlanSummary(before, after, difference).Lines();
        return new PlanAnswer([.. lines], before.State.Endpoints.Count, after.State.Endpoints.Count, [.. Objects(before.Objects, after.Objects)])
        {
            Hosts = HostDifference.Find(before.State, after.State),
        };
    }

    private static IEnumerable<string> Objects(ResourceSet before, ResourceSet after)
    {
        var old = before.Objects.Where(Given).ToDictionary(o => o.Value.Key);
        var now = after.Objects.Where(Given).ToDictionary(o => o.Value.Key);
        var words = new List<(ResourceKey Key, char Sign)>();
        foreach (var key in now.Keys.Except(old.Keys)) words.Add((key, '+'));
        foreach (var key in old.Keys.Except(now.Keys)) words.Add((key, '-'));
        foreach (var (key, value) in now)
            if (old.TryGetValue(key, out var same) && !ReferenceEquals(same.Value, value.Value) && !Equal(same.Value, value.Value)) words.Add((key, '~'));
        return words.OrderBy(w => w.Key.ToString(), StringComparer.Ordinal).Select(w => $"{w.Sign} {w.Key}");
    }

    private static bool Given(LocatedResource found) => !ReferenceEquals(found.Place, SourcePlace.Implied);

    /// <summary>Book-keeping of the server is no change.</summary>
    private static bool Equal(Resource a, Resource b) => Json(a).AsSpan().SequenceEqual(Json(b)) || Text(a) == Text(b);

    private static byte[] Json(Resource value) =>
        KindRegistry.Find(value.ApiVersion, value.Kind) is { } kind ? JsonSerializer.SerializeToUtf8Bytes(value, kind.TypeInfo) : [];

    private static string Text(Resource value)
    {
        if (KindRegistry.Find(value.ApiVersion, value.Kind) is null) return "";
        var json = System.Text.Json.Nodes.JsonNode.Parse(Json(value))!.AsObject();
        json.Remove("status");
        if (json["metadata"] is System.Text.Json.Nodes.JsonObject metadata)
            foreach (string field in (string[])["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink"]) metadata.Remove(field);
        return json.ToJsonString();
    }
}
