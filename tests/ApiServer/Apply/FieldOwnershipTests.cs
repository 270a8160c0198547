using System.Text.Json.Nodes;
using Margay.ApiServer.Apply;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Apply;

public sealed class FieldOwnershipTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TypeSchema Pod = ServedKinds.Catalog.Value.Find("v1", "Pod")!;

    [Fact]
    public void The_first_apply_makes_the_object_and_the_book()
    {
        var made = Apply(null, "one", """{"metadata":{"name":"a","labels":{"x":"1"}},"spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}]}]}}""");

        Assert.Equal("""{"x":"1"}""", made["metadata"]!["labels"]!.ToJsonString());
        var entry = made["metadata"]!["managedFields"]!.AsArray().Single()!;
        Assert.Equal(("one", "Apply", "2026-01-01T00:00:00Z"), (entry["manager"]!.ToString(), entry["operation"]!.ToString(), entry["time"]!.ToString()));
        Assert.Equal(
            """{"f:metadata":{"f:labels":{"f:x":{}}},"f:spec":{"f:containers":{"k:{\u0022name\u0022:\u0022c\u0022}":{".":{},"f:image":{},"f:name":{},"f:ports":{"k:{\u0022containerPort\u0022:80,\u0022protocol\u0022:\u0022TCP\u0022}":{".":{},"f:containerPort":{}}}}}}}""",
            entry["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public void What_a_manager_stops_naming_goes_unless_another_has_it()
    {
        var value = Apply(null, "one", """{"metadata":{"name":"a","labels":{"x":"1","y":"1","z":"1"}},"spec":{"containers":[{"name":"c","image":"i"},{"name":"d"}]}}""");
        value = Apply(value, "two", """{"metadata":{"name":"a","labels":{"y":"1"}}}""");
        value = Apply(value, "one", """{"metadata":{"name":"a","labels":{"z":"1"}},"spec":{"containers":[{"name":"c"}]}}""");

        Assert.Equal("""{"y":"1","z":"1"}""", value["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("""[{"name":"c"}]""", value["spec"]!["containers"]!.ToJsonString());
    }

    [Fact]
    public void Another_value_for_a_field_that_somebody_has_is_a_conflict()
    {
        var value = Apply(null, "one", """{"metadata":{"name":"a"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");

        var refused = FieldOwnership.Apply(value, Request("two", """{"spec":{"nodeName":"m","containers":[{"name":"c","image":"j"}]}}""", false));

        Assert.Equal([".spec.containers[name=\"c\"].image", ".spec.nodeName"], refused.Conflicts.Select(c => c.Field).Order(StringComparer.Ordinal));
        Assert.All(refused.Conflicts, c => Assert.Equal("conflict with \"one\"", c.Message));
        var forced = FieldOwnership.Apply(value, Request("two", """{"spec":{"nodeName":"m"}}""", true));
        Assert.Empty(forced.Conflicts);
        Assert.Equal("m", forced.Value["spec"]!["nodeName"]!.ToString());
        // Taken over: the first one no longer has it, so it may stop naming it without an effect.
        var after = Apply(forced.Value, "one", """{"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal("m", after["spec"]!["nodeName"]!.ToString());
    }

    [Fact]
    public void The_same_value_is_shared()
    {
        var value = Apply(null, "one", """{"metadata":{"name":"a"},"spec":{"nodeName":"n"}}""");
        value = Apply(value, "two", """{"spec":{"nodeName":"n"}}""");
        value = Apply(value, "one", """{"metadata":{"name":"a"}}""");
        Assert.Equal("n", value["spec"]!["nodeName"]!.ToString());
    }

    [Fact]
    public void Applying_the_same_again_changes_nothing_not_even_the_time()
    {
        const string Configuration = """{"metadata":{"name":"a","labels":{"x":"1"}},"spec":{"nodeName":"n"}}""";
        var value = Apply(null, "one", Configuration);
        var again = FieldOwnership.Apply(value, Request("one", Configuration, false) with { Now = Now.AddHours(1) });
        Assert.True(JsonNode.DeepEquals(value, again.Value));
    }

    [Fact]
    public void An_object_from_before_has_an_owner_for_what_it_has()
    {
        var old = JsonNode.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"u"},"spec":{"nodeName":"n"}}""")!.AsObject();

        var conflict = Assert.Single(FieldOwnership.Apply(old, Request("one", """{"spec":{"nodeName":"m"}}""", false)).Conflicts);

        Assert.Equal("conflict with \"before-first-apply\" using v1", conflict.Message);
    }

    [Fact]
    public void Other_writers_take_over_what_they_change()
    {
        var before = Apply(null, "one", """{"metadata":{"name":"a","labels":{"x":"1","y":"1"}},"spec":{"nodeName":"n"}}""");
        var after = before.DeepClone().AsObject();
        after["metadata"]!["labels"]!["x"] = "2";
        after["metadata"]!["labels"]!.AsObject().Remove("y");
        after["metadata"]!.AsObject().Remove("managedFields");

        FieldOwnership.Note(before, after, Pod, "kubectl-edit", "", Now);

        var conflict = Assert.Single(FieldOwnership.Apply(after, Request("one", """{"metadata":{"name":"a","labels":{"x":"1","y":"1"}},"spec":{"nodeName":"n"}}""", false)).Conflicts);
        Assert.Equal(("kubectl-edit", ".metadata.labels.x"), (conflict.Manager, conflict.Field));
    }

    [Fact]
    public void Objects_that_nobody_applies_have_no_book()
    {
        var before = JsonNode.Parse("""{"metadata":{"name":"a"},"spec":{"nodeName":"n"}}""")!.AsObject();
        var after = JsonNode.Parse("""{"metadata":{"name":"a"},"spec":{"nodeName":"m"}}""")!.AsObject();
        FieldOwnership.Note(before, after, Pod, "x", "", Now);
        Assert.Equal("""{"metadata":{"name":"a"},"spec":{"nodeName":"m"}}""", after.ToJsonString());
    }

    private static JsonObject Apply(JsonObject? live, string manager, string configuration)
    {
        var result = FieldOwnership.Apply(live, Request(manager, configuration, false));
        Assert.Empty(result.Conflicts);
        return result.Value;
    }

    private static ApplyRequest Request(string manager, string configuration, bool force)
    {
        var given = JsonNode.Parse(configuration)!.AsObject();
        given["apiVersion"] = "v1";
        given["kind"] = "Pod";
        return new(manager, given, Pod, "", force, Now);
    }
}
