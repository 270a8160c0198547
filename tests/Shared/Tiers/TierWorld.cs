using System.Text.Json.Nodes;

namespace Margay.Tests.Tiers;

/// <summary>A policy of the generated model.</summary>
internal sealed record ModelPolicy(string Plural, string Namespace, string Tier, string Name)
{
    public string Collection => TierWorld.Collection(Plural, Namespace);

    public string Path => $"{Collection}/{Name}";

    public string Body(string? tier = null, string mark = "") =>
        $$$"""{"apiVersion":"projectcalico.org/v3","kind":"{{{TierWorld.KindOf(Plural)}}}","metadata":{"name":"{{{Name}}}","annotations":{"mark":"{{{mark}}}"}},"spec":{"tier":"{{{tier ?? Tier}}}","selector":"all()"}}""";
}

/// <summary>Tiers, namespaces, policies in every combination of them, and generated users, on a server that is asked afterwards.</summary>
internal sealed class TierWorld
{
    public const int UserCount = 24;

    private const int Seed = 20261129;

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["networkpolicies"] = "NetworkPolicy", ["globalnetworkpolicies"] = "GlobalNetworkPolicy",
        ["stagednetworkpolicies"] = "StagedNetworkPolicy", ["stagedglobalnetworkpolicies"] = "StagedGlobalNetworkPolicy",
    };

    private static readonly string[] Verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    private readonly string _run = $"m{Guid.NewGuid():N}"[..7];

    private TierWorld()
    {
        Tiers = [$"{_run}-a", $"{_run}-b", "default"];
        Namespaces = [$"{_run}-one", $"{_run}-two"];
        Policies = [.. Kinds.Keys.SelectMany(plural => SpacesOf(plural).SelectMany(space => Tiers.SelectMany(tier => (string[])["x", "y"], (tier, name) =>
            new ModelPolicy(plural, space, tier, $"{_run}-{(tier == "default" ? "d" : tier[^1..])}{name}"))))];
    }

    public IReadOnlyList<string> Tiers { get; }

    public IReadOnlyList<string> Namespaces { get; }

    public IReadOnlyList<ModelPolicy> Policies { get; }

    public IReadOnlyList<TierUser> Users { get; private set; } = [];

    public static IEnumerable<string> Plurals => Kinds.Keys;

    public static string KindOf(string plural) => Kinds[plural];

    public static string Collection(string plural, string space) =>
        $"/apis/projectcalico.org/v3/{(space.Length == 0 ? "" : $"namespaces/{space}/")}{plural}";

    public static async Task<TierWorld> MakeAsync(ApiClient admin, IReadOnlyList<Grant> everybody)
    {
        var world = new TierWorld();
        foreach (string tier in world.Tiers.Where(t => t != "default"))
            (await admin.PostAsync("/apis/projectcalico.org/v3/tiers", $$$"""{"apiVersion":"projectcalico.org/v3","kind":"Tier","metadata":{"name":"{{{tier}}}"},"spec":{"order":100}}""")).Expect(201);
        foreach (string space in world.Namespaces) (await admin.PostAsync("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{space}}}"}}""")).Expect(201);
        foreach (ModelPolicy policy in world.Policies) (await admin.PostAsync(policy.Collection, policy.Body())).Expect(201);
        var random = new Random(Seed);
        var users = new List<TierUser>();
        for (int i = 0; i < UserCount; i++)
        {
            var user = new TierUser($"{world._run}-u{i}", world.GrantsOf(i, random));
            await BindAsync(admin, user);
            users.Add(user with { Grants = [.. user.Grants, .. everybody] });
        }
        world.Users = users;
        return world;
    }

    public IEnumerable<string> SpacesOf(string plural) => plural.Contains("global", StringComparison.Ordinal) ? [""] : Namespaces;

    /// <summary>A name that no policy has.</summary>
    public string Fresh() => $"{_run}-n{Guid.NewGuid():N}"[..20];

    /// <summary>Whether a name is of this world: others may use the server too.</summary>
    public bool Owns(string name) => name.StartsWith(_run, StringComparison.Ordinal);

    private IReadOnlyList<Grant> GrantsOf(int index, Random random) => index switch
    {
        0 => [],
        // Rights on the plain resources are none.
        1 => [new(null, ["*"], [.. Kinds.Keys, "tiers"], [])],
        2 => [new(null, ["*"], ["*"], [])],
        // A tier that may not be got is closed, whatever else is allowed.
        3 => [new(null, ["*"], [.. Kinds.Keys.Select(k => $"tier.{k}")], [])],
        _ => [.. Enumerable.Range(0, 2 + random.Next(4)).Select(_ => Random(random)), TierGrant(random)],
    };

    private Grant TierGrant(Random random) => new(random.Next(8) == 0 ? Namespaces[0] : null, ["get"], ["tiers"], random.Next(4) == 0 ? [] : Some(random, Tiers));

    private Grant Random(Random random) => new(
        random.Next(3) == 0 ? Namespaces[random.Next(2)] : null,
        random.Next(4) == 0 ? ["*"] : Some(random, Verbs),
        random.Next(10) == 0 ? ["*"] : Some(random, [.. Kinds.Keys.Select(k => $"tier.{k}"), .. Kinds.Keys]),
        random.Next(3) == 0 ? [] : Some(random, [.. Tiers.SelectMany(t => Enumerable.Repeat($"{t}.*", 3)), .. Policies.Select(p => p.Name).Distinct(), .. Policies.Select(p => $"{p.Tier}.{p.Name}").Distinct()]));

    private static string[] Some(Random random, IReadOnlyList<string> of) =>
        [.. Enumerable.Range(0, 1 + random.Next(Math.Min(5, of.Count))).Select(_ => of[random.Next(of.Count)]).Distinct()];

    private static async Task BindAsync(ApiClient admin, TierUser user)
    {
        const string rbac = "/apis/rbac.authorization.k8s.io/v1";
        for (int i = 0; i < user.Grants.Count; i++)
        {
            string name = $"{user.Name}-{i}";
            var role = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["rules"] = new JsonArray(user.Grants[i].Rule()) };
            (await admin.PostAsync($"{rbac}/clusterroles", role.ToJsonString())).Expect(201);
            string at = user.Grants[i].Namespace is { } space ? $"{rbac}/namespaces/{space}/rolebindings" : $"{rbac}/clusterrolebindings";
            (await admin.PostAsync(at, $$$"""
                {"metadata":{"name":"{{{name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{name}}}"},
                 "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{user.Name}}}"}]}
                """)).Expect(201);
        }
    }
}
