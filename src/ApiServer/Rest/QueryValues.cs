using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>Reads query parameters as Kubernetes does.</summary>
internal static class QueryValues
{
    public static long? Whole(IQueryCollection query, string name)
    {
        string text = query[name].ToString();
        if (text.Length == 0) return null;
        return long.TryParse(text, out long value) ? value : throw Failures.BadRequest($"{name}: \"{text}\" is not a whole number");
    }

    /// <summary>A flag is set when it is there, unless it says no.</summary>
    public static bool? Flag(IQueryCollection query, string name) => query.TryGetValue(name, out var values)
        ? values.ToString() is not ("false" or "0" or "False" or "f" or "F")
        : null;

    /// <summary>Whether it is only a rehearsal.</summary>
    public static bool DryRun(IReadOnlyList<string?> values)
    {
        foreach (string? value in values)
        {
            if (value is not (null or "" or "All"))
                throw Failures.BadRequest($"dryRun: Unsupported value: \"{value}\": supported values: \"All\"");
        }
        return values.Any(v => v == "All");
    }
}
