using System.CommandLine;
using System.Text.Json.Nodes;
using Margay.Cli.Output;
using Margay.Model.Registry;
using Margay.Model.Yaml;

namespace Margay.Cli.Resources;

/// <summary><c>margay get</c>: prints resources, in the server's tables or whole.</summary>
internal static class GetCommand
{
    private static readonly Argument<string[]> _what = new("what") { Description = "kind, kind name..., or kind/name...", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> _output = new("--output", "-o") { Description = "ps, wide, yaml, json or name.", DefaultValueFactory = _ => "ps" };
    private static readonly Option<bool> _allNamespaces = new("--all-namespaces", "-A", "-a") { Description = "Of every namespace." };
    private static readonly Option<string?> _selector = new("--selector", "-l") { Description = "A label selector." };
    private static readonly Option<string?> _fields = new("--field-selector") { Description = "A field selector." };
    private static readonly Option<bool> _noHeaders = new("--no-headers") { Description = "Rows only." };
    private static readonly Option<bool> _showLabels = new("--show-labels") { Description = "Labels as the last column." };
    private static readonly Option<bool> _watch = new("--watch", "-w") { Description = "Go on printing changes." };

    public static Command Build()
    {
        _output.AcceptOnlyFromAmong("ps", "wide", "yaml", "json", "name");
        var command = new Command("get", "Print resources.") { _what, _output, _allNamespaces, _selector, _fields, _noHeaders, _showLabels, _watch };
        command.SetAction((parsed, stop) => Invocation.RunAsync(parsed, api => RunAsync(parsed, api, stop), stop));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ApiConnection api, CancellationToken stop)
    {
        var targets = ResourceArguments.Parse(parsed.GetValue(_what)!);
        string format = parsed.GetValue(_output)!;
        bool tables = format is "ps" or "wide";
        var whole = new JsonArray();
        bool first = true;
        int code = await Invocation.ForEachAsync(targets, async target =>
        {
            string path = PathOf(parsed, api, target);
            var answer = await api.SendAsync(HttpMethod.Get, path, null, stop, accept: tables ? ApiConnection.TableAccept : "application/json");
            if (!tables)
            {
                foreach (var item in ItemsOf(answer, target)) whole.Add(item.DeepClone());
                return;
            }
            if (!first) Console.Out.WriteLine();
            first = false;
            PrintTable(parsed, answer, target, format == "wide");
            if (parsed.GetValue(_watch)) await WatchAsync(parsed, api, path, answer, target, stop);
        });
        if (!tables) PrintWhole(whole, format, single: targets is [{ Name: not null }]);
        return code;
    }

    private static string PathOf(ParseResult parsed, ApiConnection api, ResourceArgument target)
    {
        string? ns = parsed.GetValue(_allNamespaces) ? null : api.DefaultNamespace;
        if (target.Name is { } name) return target.Kind.Path(ns ?? api.DefaultNamespace, name);
        var query = new List<string>();
        if (parsed.GetValue(_selector) is { } labels) query.Add("labelSelector=" + Uri.EscapeDataString(labels));
        if (parsed.GetValue(_fields) is { } fields) query.Add("fieldSelector=" + Uri.EscapeDataString(fields));
        return target.Kind.Path(ns) + (query.Count == 0 ? "" : "?" + string.Join('&', query));
    }

    private static IEnumerable<JsonObject> ItemsOf(JsonObject answer, ResourceArgument target)
    {
        if (target.Name is not null) return [answer];
        return (answer["items"] as JsonArray ?? []).OfType<JsonObject>().Select(item =>
        {
            // Items of a list come without their kind.
            item["apiVersion"] ??= target.Kind.ApiVersion;
            item["kind"] ??= target.Kind.Kind;
            return item;
        });
    }

    private static void PrintWhole(JsonArray items, string format, bool single)
    {
        if (format == "name")
        {
            foreach (var item in items.OfType<JsonObject>())
            {
                var kind = KindRegistry.Find(item["apiVersion"]!.GetValue<string>(), item["kind"]!.GetValue<string>());
                string name = item["metadata"]!["name"]!.GetValue<string>();
                Console.Out.WriteLine(kind is null ? name : Naming.Of(kind, name));
            }
            return;
        }
        JsonNode document = single && items.Count == 1
            ? items[0]!
            : new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["metadata"] = new JsonObject(), ["items"] = items };
        Console.Out.Write(format == "json" ? JsonText.Indented(document) + "\n" : YamlWriter.Write(document));
    }

    private static void PrintTable(ParseResult parsed, JsonObject table, ResourceArgument target, bool wide)
    {
        var rows = table["rows"] as JsonArray ?? [];
        if (rows.Count == 0)
        {
            string where = target.Kind.Namespaced && !parsed.GetValue(_allNamespaces) ? " in this namespace" : "";
            Console.Error.WriteLine($"No {target.Kind.Plural} found{where}.");
            return;
        }
        var (columns, cells) = Columns(parsed, table, target, wide);
        new TablePrinter(Console.Out, !parsed.GetValue(_noHeaders)).Print(columns, [.. rows.OfType<JsonObject>().Select(cells)]);
    }

    private static (List<string> Names, Func<JsonObject, IReadOnlyList<string>> Cells) Columns(ParseResult parsed, JsonObject table, ResourceArgument target, bool wide)
    {
        var definitions = (table["columnDefinitions"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var shown = Enumerable.Range(0, definitions.Length).Where(i => wide || (definitions[i]["priority"]?.GetValue<int>() ?? 0) == 0).ToArray();
        var names = shown.Select(i => definitions[i]["name"]!.GetValue<string>()).ToList();
        bool namespaces = parsed.GetValue(_allNamespaces) && target.Kind.Namespaced;
        bool labels = parsed.GetValue(_showLabels);
        if (namespaces) names.Insert(0, "Namespace");
        if (labels) names.Add("Labels");
        return (names, row =>
        {
            var cells = shown.Select(i => row["cells"]?[i]?.ToString() ?? "<none>").ToList();
            var metadata = row["object"]?["metadata"];
            if (namespaces) cells.Insert(0, metadata?["namespace"]?.GetValue<string>() ?? "");
            if (labels) cells.Add(metadata?["labels"] is JsonObject { Count: > 0 } all ? string.Join(',', all.Select(label => $"{label.Key}={label.Value}")) : "<none>");
            return cells;
        });
    }

    private static async Task WatchAsync(ParseResult parsed, ApiConnection api, string path, JsonObject listed, ResourceArgument target, CancellationToken stop)
    {
        string? version = listed["metadata"]?["resourceVersion"]?.GetValue<string>();
        string query = $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}watch=true&resourceVersion={version}";
        if (target.Name is { } name)
        {
            path = target.Kind.Path(api.DefaultNamespace);
            query = $"?watch=true&resourceVersion={version}&fieldSelector=metadata.name%3D{Uri.EscapeDataString(name)}";
        }
        await foreach (var change in api.WatchAsync(path + query, ApiConnection.TableAccept, stop))
        {
            if (change["object"] is not JsonObject table || change["type"]?.GetValue<string>() is "BOOKMARK") continue;
            var (columns, cells) = Columns(parsed, table, target, parsed.GetValue(_output) == "wide");
            new TablePrinter(Console.Out, headers: false).Print(columns, [.. (table["rows"] as JsonArray ?? []).OfType<JsonObject>().Select(cells)]);
        }
    }
}
