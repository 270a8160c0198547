using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>Writes a label selector as people write it after <c>-l</c>.</summary>
internal static class LabelSelectorText
{
    /// <summary>The selector's text; <c>&lt;none&gt;</c> for one that selects everything.</summary>
    public static string Of(JsonNode? selector)
    {
        var parts = (selector.At("matchLabels") as JsonObject ?? [])
            .OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Plain()}")
            .Concat(selector.Items("matchExpressions").Select(Expression));
        return string.Join(",", parts).OrNone();
    }

    private static string Expression(JsonNode? expression)
    {
        var key = expression.Text("key");
        var values = string.Join(",", expression.Texts("values"));
        return expression.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "Exists" => key,
            "DoesNotExist" => $"!{key}",
            var other => $"{key} {other} ({values})",
        };
    }
}
