using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Tables;

namespace Margay.ApiServer.Apply;

/// <summary>
/// Server-side apply: everybody says which fields they care about, and the object has all of them. Who set what is kept from an
/// object's first apply on; objects that nobody applies carry no such book, which Kubernetes did likewise until 1.18 and which keeps
/// the objects that our own services write many times a second small.
/// </summary>
internal static class FieldOwnership
{
    /// <summary>Owner of the fields that were there before anybody applied; the name is Kubernetes'.</summary>
    private const string Before = "before-first-apply";

    /// <summary>Applies a configuration to an object.</summary>
    /// <param name="live">The object as it is; null when it is to be made.</param>
    /// <param name="request">The wish.</param>
    public static ApplyResult Apply(JsonObject? live, ApplyRequest request)
    {
        var wanted = AppliedFields.Of(request.Configuration, request.Type);
        var value = live?.DeepClone().AsObject() ?? [];
        var managers = live is null ? [] : FieldManager.Read(live);
        if (live is not null && managers.Count == 0)
        {
            managers.Add(new(Before, FieldManager.Update, live.Text("apiVersion"), "", Stamp(request.Now), AppliedFields.Of(live, request.Type)));
        }

        var mine = managers.Find(m => m.Is(request.Manager, FieldManager.Apply, request.Subresource));
        var others = managers.Where(m => m != mine).ToList();
        var conflicts = live is null ? [] : Conflicts(live, request, wanted, others);
        if (conflicts.Count > 0 && !request.Force)
            return new(value, [.. conflicts.Select(c => c.Conflict)]);
        foreach (var (manager, path, _) in conflicts)
            manager.Fields.Remove(path);

        ApplyMerge.Put(value, request.Configuration, request.Type);
        if (mine is not null)
        {
            var gone = mine.Fields.Copy();
            gone.Remove(wanted);
            var kept = wanted.Copy();
            foreach (var other in others)
                kept.Add(other.Fields);
            ApplyMerge.TakeOut(value, gone, kept);
        }

        var time = mine is not null && mine.Fields.SameAs(wanted) ? mine.Time : Stamp(request.Now);
        FieldManager entry = new(request.Manager, FieldManager.Apply, request.Configuration.Text("apiVersion"), request.Subresource, time, wanted);
        FieldManager.Write(value, mine is null ? [.. managers, entry] : managers.Select(m => m == mine ? entry : m));
        return new(value, []);
    }

    /// <summary>Notes who changed what by any other way than applying, in the new state; does nothing while nobody has applied.</summary>
    /// <param name="before">The object before the change.</param>
    /// <param name="after">The object after it; its book is brought up to date.</param>
    /// <param name="type">The kind's type.</param>
    /// <param name="manager">Who changed it.</param>
    /// <param name="subresource">The subresource; empty for the object itself.</param>
    /// <param name="now">When.</param>
    public static void Note(JsonObject before, JsonObject after, TypeSchema type, string manager, string subresource, DateTimeOffset now)
    {
        // A writer who sends no book does not mean to forget it; one who sends another (to move ownership) does mean it.
        if (after.At("metadata", "managedFields") is null && before.At("metadata", "managedFields") is { } book)
            after["metadata"]!.AsObject()["managedFields"] = book.DeepClone();
        var managers = FieldManager.Read(after);
        if (managers.Count == 0)
        {
            after["metadata"]?.AsObject().Remove("managedFields");
            return;
        }

        var had = AppliedFields.Of(before, type);
        var has = AppliedFields.Of(after, type);
        var changed = Changed(has, before, after);
        var gone = had.Copy();
        gone.Remove(has);
        foreach (var each in managers)
        {
            each.Fields.Remove(gone);
            if (!each.Is(manager, FieldManager.Update, subresource))
                each.Fields.Remove(changed);
        }

        if (!changed.IsEmpty)
        {
            int at = managers.FindIndex(m => m.Is(manager, FieldManager.Update, subresource));
            if (at < 0)
                managers.Add(new(manager, FieldManager.Update, after.Text("apiVersion"), subresource, Stamp(now), changed));
            else
            {
                managers[at].Fields.Add(changed);
                managers[at] = managers[at] with { Time = Stamp(now) };
            }
        }

        FieldManager.Write(after, managers);
    }

    private static List<(FieldManager Manager, FieldSet Path, ApplyConflict Conflict)> Conflicts(
        JsonObject live, ApplyRequest request, FieldSet wanted, List<FieldManager> others)
    {
        var conflicts = new List<(FieldManager, FieldSet, ApplyConflict)>();
        foreach (var other in others)
        {
            foreach (var path in wanted.Intersect(other.Fields).Paths())
            {
                if (Same(live, request.Configuration, path))
                    continue;
                var single = new FieldSet();
                path.Aggregate(single, (set, step) => set.Ensure(step)).Owned = true;
                conflicts.Add((other, single, new(other.Name, other.ApiVersion, other.Operation == FieldManager.Apply, Text(path))));
            }
        }

        return conflicts;
    }

    private static FieldSet Changed(FieldSet has, JsonObject before, JsonObject after)
    {
        var changed = new FieldSet();
        foreach (var path in has.Paths())
        {
            if (!Same(before, after, path))
                path.Aggregate(changed, (set, step) => set.Ensure(step)).Owned = true;
        }

        return changed;
    }

    // Of a merged element or a map only the presence counts: what is in it has paths of its own.
    private static bool Same(JsonObject left, JsonObject right, IReadOnlyList<string> path)
    {
        JsonNode? a = left, b = right;
        foreach (var step in path)
            (a, b) = (FieldSteps.Follow(a, step), FieldSteps.Follow(b, step));
        bool element = path.Count > 0 && !path[^1].StartsWith("f:", StringComparison.Ordinal);
        return element && a is not null && b is not null || JsonNode.DeepEquals(a, b);
    }

    private static string Text(IReadOnlyList<string> path)
    {
        var text = new StringBuilder();
        foreach (var step in path)
            text.Append(step.StartsWith("f:", StringComparison.Ordinal) ? $".{step[2..]}" : $"[{step[2..].Trim('{', '}').Replace("\":", "\"=", StringComparison.Ordinal)}]");
        return text.ToString().Replace("[\"", "[", StringComparison.Ordinal).Replace("\"=", "=", StringComparison.Ordinal);
    }

    private static string Stamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
