using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Patch;

/// <summary>
/// A JSON patch (RFC 6902). Our own, because the library works on typed objects and stops at fields it does not know, and
/// because clients know Kubernetes' answers to operations that do not apply.
/// </summary>
internal sealed class JsonPatch : Patch
{
    private const int MostOperations = 10_000;

    private readonly List<Operation> _operations = [];

    public JsonPatch(JsonArray patch)
    {
        if (patch.Count > MostOperations)
            throw Failures.TooLarge(MostOperations);
        foreach (JsonNode? entry in patch) _operations.Add(Operation.Read(entry as JsonObject));
    }

    public override JsonObject Apply(JsonObject current)
    {
        // Held by a parent, so that an operation on the root is an operation like any other.
        var holder = new JsonObject { ["root"] = current };
        foreach (Operation operation in _operations) operation.Apply(holder);
        JsonNode? result = holder["root"];
        holder.Remove("root");
        return result as JsonObject ?? throw Failures.Unprocessable("the patch does not leave an object");
    }

    private sealed record Operation(string Op, JsonPointer Path, JsonPointer? From, JsonNode? Value)
    {
        public static Operation Read(JsonObject? entry)
        {
            string op = entry.Text("op");
            if (entry is null || op is not ("add" or "remove" or "replace" or "move" or "copy" or "test"))
                throw Failures.BadRequest($"json patch: \"{op}\" is not an operation");
            if (entry["path"] is not JsonValue) throw Failures.BadRequest($"json patch: operation {op} has no path");
            if (op is "add" or "replace" or "test" && !entry.ContainsKey("value"))
                throw Failures.BadRequest($"json patch: operation {op} has no value");
            JsonPointer? from = op is "move" or "copy" ? Rooted(entry, "from") : null;
            return new Operation(op, Rooted(entry, "path"), from, entry["value"]);
        }

        public void Apply(JsonObject holder)
        {
            switch (Op)
            {
                case "add":
                    Path.Add(holder, Value?.DeepClone());
                    break;
                case "remove":
                    Path.Remove(holder);
                    break;
                case "replace":
                    Path.Replace(holder, Value?.DeepClone());
                    break;
                case "copy":
                    Path.Add(holder, Source(holder)?.DeepClone());
                    break;
                case "move":
                    if (Path.IsInside(From!)) throw Failures.Unprocessable("move operation does not apply: a value cannot move into itself");
                    JsonNode? moved = Source(holder)?.DeepClone();
                    From!.Remove(holder);
                    Path.Add(holder, moved);
                    break;
                default:
                    if (!Path.TryGet(holder, out JsonNode? found) && Value is not null) throw Path.Missing("test operation does not apply");
                    if (!JsonNode.DeepEquals(found, Value)) throw Failures.Unprocessable("testing value failed: test operation does not apply");
                    break;
            }
        }

        private JsonNode? Source(JsonObject holder) =>
            From!.TryGet(holder, out JsonNode? value) ? value : throw From.Missing($"{Op} operation does not apply");

        private static JsonPointer Rooted(JsonObject entry, string name) => JsonPointer.Parse("/root" + JsonPointerText(entry.Text(name)));

        private static string JsonPointerText(string text) =>
            text.Length == 0 || text[0] == '/' ? text : throw Failures.BadRequest($"json patch: \"{text}\" is not a JSON pointer");
    }
}
