using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Selection;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>What a list or a watch asks for (meta/v1 ListOptions).</summary>
internal sealed record ListOptions
{
    public required Selector Selector { get; init; }

    /// <summary>The tiers that whoever asks may see; null where there are none, or for the server itself.</summary>
    public VisibleTiers? Visible { get; private init; }

    /// <summary>Whether every object of the collection is wanted and may be seen.</summary>
    public bool IsEverything => Selector.IsEverything && (Visible is null || Visible.Everything);

    /// <summary>Null when not given; 0 means any.</summary>
    public long? ResourceVersion { get; init; }

    /// <summary>Empty, <c>NotOlderThan</c> or <c>Exact</c>.</summary>
    public string Match { get; init; } = "";

    public int Limit { get; init; }

    public string Continue { get; init; } = "";

    public bool Watch { get; init; }

    public bool Bookmarks { get; init; }

    public bool? SendInitialEvents { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <param name="kind">Decides which fields can be selected by.</param>
    /// <param name="query">The query parameters.</param>
    /// <param name="name">The object of the path; empty for a collection.</param>
    public static ListOptions Parse(ServedKind kind, IQueryCollection query, string name)
    {
        string fields = Join(query["fieldSelector"].ToString(), name.Length > 0 ? $"metadata.name={name}" : "");
        var options = new ListOptions
        {
            Selector = ParseSelector(kind, query["labelSelector"].ToString(), fields),
            ResourceVersion = query["resourceVersion"].ToString() is { Length: > 0 } version ? Version(version) : null,
            Match = query["resourceVersionMatch"].ToString(),
            Limit = (int)Math.Clamp(QueryValues.Whole(query, "limit") ?? 0, 0, int.MaxValue),
            Continue = query["continue"].ToString(),
            Watch = QueryValues.Flag(query, "watch") ?? false,
            Bookmarks = QueryValues.Flag(query, "allowWatchBookmarks") ?? false,
            SendInitialEvents = QueryValues.Flag(query, "sendInitialEvents"),
            Timeout = QueryValues.Whole(query, "timeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null,
        };
        List<FieldError> errors = options.Check();
        return errors.Count == 0 ? options : throw Failures.Invalid("meta.k8s.io", "ListOptions", "", errors);
    }

    /// <summary>The same, for what whoever asks may see.</summary>
    public async ValueTask<ListOptions> RestrictAsync(ObjectRequest request, TierAuthorizer tiers) =>
        this with { Visible = await VisibleTiers.OfAsync(tiers, request.Access, request.Kind, Selector, request.Stop) };

    /// <summary>Whether an object is asked for and may be seen.</summary>
    public bool Wants(ServedKind kind, ObjectView view) => view.Matches(kind, Selector) && (Visible is null || Visible.Sees(kind, view));

    private List<FieldError> Check()
    {
        var errors = new List<FieldError>();
        void Forbid(string field, string why) => errors.Add(new("FieldValueForbidden", field, $"Forbidden: {why}"));
        if (Match is not ("" or "NotOlderThan" or "Exact"))
        {
            errors.Add(new("FieldValueNotSupported", "resourceVersionMatch",
                $"Unsupported value: \"{Match}\": supported values: \"Exact\", \"NotOlderThan\""));
        }
        if (Watch)
        {
            if (SendInitialEvents is not null && Match != "NotOlderThan")
                Forbid("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            if (SendInitialEvents is null && Match.Length > 0)
                Forbid("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            return errors;
        }
        if (SendInitialEvents is not null) Forbid("sendInitialEvents", "sendInitialEvents is forbidden for list");
        if (Match.Length > 0 && ResourceVersion is null)
            Forbid("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (Match.Length > 0 && Continue.Length > 0)
            Forbid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        if (Match == "Exact" && ResourceVersion == 0)
            Forbid("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        return errors;
    }

    private static Selector ParseSelector(ServedKind kind, string labels, string fields)
    {
        try
        {
            return new Selector(
                labels.Length == 0 ? LabelSelector.Everything : LabelSelector.Parse(labels),
                fields.Length == 0 ? FieldSelector.Everything : FieldSelector.Parse(fields, SelectableFields.Of(kind)));
        }
        catch (FormatException e)
        {
            throw Failures.BadRequest(e.Message);
        }
    }

    private static string Join(string left, string right) => left.Length == 0 ? right : right.Length == 0 ? left : $"{left},{right}";

    private static long Version(string text) => long.TryParse(text, out long version) && version >= 0
        ? version
        : throw Failures.BadRequest($"resourceVersion: Invalid value: \"{text}\": it is not a version that this server gave");
}
