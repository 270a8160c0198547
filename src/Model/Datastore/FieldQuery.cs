using System.Text.Json.Nodes;

namespace Margay.Model.Datastore;

/// <summary>A field selector: <c>path=value</c> and <c>path!=value</c> with commas between; a field that is absent is empty.</summary>
internal sealed class FieldQuery
{
    private readonly List<(string[] Path, string Value, bool Negated)> _terms = [];

    public FieldQuery(string? text)
    {
        foreach (string term in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = term.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new ApiException(400, Resources.StatusReason.BadRequest, $"invalid field selector: {term}");
            bool negated = term[equals - 1] == '!';
            string path = term[..(negated ? equals - 1 : equals)];
            string value = term[(equals + 1)..].TrimStart('=');
            _terms.Add((path.Split('.'), value, negated));
        }
    }

    public bool Matches(JsonObject value)
    {
        foreach (var (path, expected, negated) in _terms)
        {
            JsonNode? node = value;
            foreach (string step in path)
                node = (node as JsonObject)?[step];
            if ((node?.ToString() ?? "") == expected == negated)
                return false;
        }

        return true;
    }
}
