using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Audit;

/// <summary>
/// Which requests are recorded (audit.k8s.io/v1 Policy): the first rule that is about a request decides, and what no rule is
/// about is not recorded. Bodies that hold secrets or tokens never are, whatever the rules say.
/// </summary>
internal sealed class AuditPolicy(IReadOnlyList<AuditRule> rules)
{
    private static readonly string[] Fields = ["apiVersion", "kind", "metadata", "omitStages", "omitManagedFields", "rules"];
    private static readonly string[] RuleFields =
        ["level", "users", "userGroups", "verbs", "resources", "namespaces", "nonResourceURLs", "omitStages", "omitManagedFields"];

    private static readonly AuditRule Silence = new(AuditLevel.None);

    /// <summary>Every request, once it is answered, without its body.</summary>
    public static AuditPolicy WithoutBodies { get; } = new([new AuditRule(AuditLevel.Metadata) { OmitStages = [AuditStage.RequestReceived] }]);

    /// <summary>How a request is recorded.</summary>
    public AuditRule RuleFor(AccessRequest request)
    {
        AuditRule found = rules.FirstOrDefault(rule => rule.Matches(request)) ?? Silence;
        return found.Level > AuditLevel.Metadata && IsSecret(request) ? found with { Level = AuditLevel.Metadata } : found;
    }

    /// <summary>Whether bodies of a request hold what nobody may read in a log.</summary>
    public static bool IsSecret(AccessRequest request) =>
        (request.Group.Length == 0 && (request.Resource == "secrets" || request.FullResource == "serviceaccounts/token"))
        || (request.Group == "authentication.k8s.io" && request.Resource == "tokenreviews");

    /// <summary>Reads a policy.</summary>
    /// <exception cref="FormatException">It is not a policy; the message names file and field.</exception>
    public static AuditPolicy Read(string path)
    {
        JsonObject policy;
        try
        {
            policy = YamlForm.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new FormatException("it is not an object");
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
        if (policy.Text("apiVersion") != "audit.k8s.io/v1" || policy.Text("kind") != "Policy")
            throw new FormatException($"{path}: apiVersion and kind must be audit.k8s.io/v1 and Policy, not {policy.Text("apiVersion")} and {policy.Text("kind")}");
        var read = new Reader(path);
        read.Known(policy, "", Fields);
        var stages = read.Stages(policy, "");
        if (policy["rules"] is not JsonArray { Count: > 0 } list) throw new FormatException($"{path}: rules: at least one rule is needed");
        return new AuditPolicy([.. list.Select((item, index) => read.Rule(item, $"rules[{index}]", stages, policy.Flag("omitManagedFields")))]);
    }

    private sealed class Reader(string path)
    {
        public AuditRule Rule(JsonNode? item, string at, ImmutableArray<string> stages, bool omitFields)
        {
            JsonObject rule = item as JsonObject ?? throw Wrong(at, "must be an object");
            Known(rule, $"{at}.", RuleFields);
            if (!Enum.TryParse(rule.Text("level"), out AuditLevel level) || !Enum.IsDefined(level) || char.IsDigit(rule.Text("level")[0]))
                throw Wrong($"{at}.level", $"unknown level \"{rule.Text("level")}\"; use None, Metadata, Request or RequestResponse");
            ImmutableArray<string> paths = Texts(rule, $"{at}.", "nonResourceURLs");
            if (!paths.IsEmpty && (rule["resources"] is not null || rule["namespaces"] is not null))
                throw Wrong($"{at}.nonResourceURLs", "a rule is about resources or about URLs, not about both");
            return new AuditRule(level)
            {
                Users = Texts(rule, $"{at}.", "users"), Groups = Texts(rule, $"{at}.", "userGroups"), Verbs = Texts(rule, $"{at}.", "verbs"),
                Namespaces = Texts(rule, $"{at}.", "namespaces"), Paths = paths,
                Resources = rule["resources"] is null ? [] : [.. (rule.List("resources") ?? throw Wrong($"{at}.resources", "must be a list"))
                    .Select((r, i) => Resource(r, $"{at}.resources[{i}]"))],
                OmitStages = [.. stages.Union(Stages(rule, $"{at}."))],
                OmitManagedFields = rule["omitManagedFields"] is null ? omitFields : rule.Flag("omitManagedFields"),
            };
        }

        public ImmutableArray<string> Stages(JsonObject of, string at)
        {
            ImmutableArray<string> stages = Texts(of, at, "omitStages");
            foreach (string stage in stages)
                if (!AuditStage.All.Contains(stage)) throw Wrong($"{at}omitStages", $"unknown stage \"{stage}\"; use {string.Join(", ", AuditStage.All)}");
            return stages;
        }

        public void Known(JsonObject of, string at, string[] fields)
        {
            if (of.Select(p => p.Key).FirstOrDefault(key => !fields.Contains(key)) is { } unknown)
                throw Wrong($"{at}{unknown}", $"unknown field; known are {string.Join(", ", fields)}");
        }

        private AuditResources Resource(JsonNode? item, string at)
        {
            JsonObject resource = item as JsonObject ?? throw Wrong(at, "must be an object");
            Known(resource, $"{at}.", ["group", "resources", "resourceNames"]);
            return new AuditResources(resource.Text("group"), Texts(resource, $"{at}.", "resources"), Texts(resource, $"{at}.", "resourceNames"));
        }

        // Empty texts too: the namespace of what is in none.
        private ImmutableArray<string> Texts(JsonObject of, string at, string field)
        {
            if (of[field] is null) return [];
            JsonArray list = of.List(field) ?? throw Wrong(at + field, "must be a list of texts");
            return [.. list.Select(item => item is JsonValue value && value.TryGetValue(out string? text) ? text : throw Wrong(at + field, "must be a list of texts"))];
        }

        private FormatException Wrong(string field, string why) => new($"{path}: {field}: {why}");
    }
}
