using System.Text.Json.Nodes;

namespace Margay.Tests.Tiers;

/// <summary>
/// Every verb on every kind that lives in tiers, by every generated user, in every tier, as kubectl sends it: the server
/// answers what the twin says. The suite is the same for every server; a class for each points it there.
/// </summary>
public abstract class TierRightsSuite(TierServer server)
{
    private const string Apply = "application/apply-patch+yaml";

    /// <summary>The users by number; who they are is known once the world is made.</summary>
    public static IEnumerable<TheoryDataRow<int>> Users => UsersUpTo(TierWorld.UserCount);

    [Theory]
    [MemberData(nameof(Users))]
    public async Task Policies_are_read_and_changed_by_who_has_the_verb_in_their_tier(int index)
    {
        var (world, user, client) = await SubjectAsync(index);
        foreach (ModelPolicy policy in world.Policies)
        {
            bool May(string verb) => TierTwin.Allows(user, verb, policy.Plural, policy.Namespace, policy.Tier, policy.Name);
            await ExpectAsync(May("get"), user, "get", policy, client.GetAsync(policy.Path));
            await ExpectAsync(May("update"), user, "update", policy, client.PutAsync(policy.Path, policy.Body(mark: user.Name)));
            await ExpectAsync(May("patch"), user, "merge patch", policy, client.PatchAsync(policy.Path, """{"metadata":{"annotations":{"merge":"1"}}}"""));
            await ExpectAsync(May("patch"), user, "JSON patch", policy,
                client.PatchAsync(policy.Path, """[{"op":"add","path":"/metadata/annotations","value":{"json":"1"}}]""", "application/json-patch+json"));
            await ExpectAsync(May("patch"), user, "apply", policy, client.PatchAsync($"{policy.Path}?fieldManager={user.Name}&force=true&dryRun=All", policy.Body(), Apply));
            await ExpectAsync(May("delete"), user, "delete", policy, client.DeleteAsync($"{policy.Path}?dryRun=All"));
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task Policies_come_into_being_and_go_by_who_has_the_verb_in_their_tier(int index)
    {
        var (world, user, client) = await SubjectAsync(index);
        foreach (ModelPolicy like in world.Policies.DistinctBy(p => (p.Plural, p.Namespace, p.Tier)))
        {
            bool May(string verb, string name) => TierTwin.Allows(user, verb, like.Plural, like.Namespace, like.Tier, name);
            ModelPolicy posted = like with { Name = world.Fresh() }, applied = like with { Name = world.Fresh() };
            // What is posted has no name yet for the authorizer, as in Kubernetes.
            await ExpectAsync(May("create", ""), user, "create", posted, client.PostAsync(posted.Collection, posted.Body()), 201);
            await ExpectAsync(May("patch", applied.Name) && May("create", applied.Name), user, "apply what is not there", applied,
                client.PatchAsync($"{applied.Path}?fieldManager=t", applied.Body(), Apply), 201);
            foreach (ModelPolicy made in (ModelPolicy[])[posted, applied])
            {
                if ((await server.Admin.GetAsync(made.Path)).Code != 200) continue;
                bool may = May("delete", made.Name);
                await ExpectAsync(may, user, "delete", made, client.DeleteAsync(made.Path));
                Assert.Equal(may ? 404 : 200, (await server.Admin.GetAsync(made.Path)).Code);
                if (!may) (await server.Admin.DeleteAsync(made.Path)).Expect(200);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task A_policy_moves_between_tiers_by_who_has_the_verb_in_both(int index)
    {
        var (world, user, client) = await SubjectAsync(index);
        foreach (ModelPolicy policy in world.Policies.DistinctBy(p => (p.Plural, p.Namespace, p.Tier)))
        {
            foreach (string tier in world.Tiers.Where(t => t != policy.Tier))
            {
                bool May(string verb) => TierTwin.Allows(user, verb, policy.Plural, policy.Namespace, policy.Tier, policy.Name)
                    && TierTwin.Allows(user, verb, policy.Plural, policy.Namespace, tier, policy.Name);
                await ExpectAsync(May("update"), user, $"move to {tier} by update", policy, client.PutAsync($"{policy.Path}?dryRun=All", policy.Body(tier)));
                await ExpectAsync(May("patch"), user, $"move to {tier} by patch", policy, client.PatchAsync($"{policy.Path}?dryRun=All", $$$"""{"spec":{"tier":"{{{tier}}}"}}"""));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task Lists_watches_and_collective_deletions_hold_what_may_be_touched_and_nothing_else(int index)
    {
        var (world, user, client) = await SubjectAsync(index);
        foreach (string plural in TierWorld.Plurals)
        {
            foreach (string space in world.SpacesOf(plural).Append("").Distinct())
            {
                string path = TierWorld.Collection(plural, space);
                foreach (var (query, named) in Selections(world))
                {
                    IReadOnlyCollection<string>? Tiers(string verb) => Expected(world, user, verb, plural, space, named);
                    await ExpectListAsync(world, Tiers("list"), user, plural, space, query, client.GetAsync($"{path}?{query}"));
                    await ExpectWatchAsync(world, Tiers("watch"), user, plural, space, $"{path}?{query}", client);
                    if (space.Length > 0 || plural.Contains("global", StringComparison.Ordinal))
                        await ExpectListAsync(world, Tiers("deletecollection"), user, plural, space, query, client.DeleteAsync($"{path}?{query}&dryRun=All"));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task A_list_or_watch_of_one_name_is_allowed_by_a_right_on_that_name(int index)
    {
        var (world, user, client) = await SubjectAsync(index);
        foreach (ModelPolicy policy in world.Policies.Where(p => p.Name.EndsWith('x')))
        {
            bool May(string verb) => TierTwin.Allows(user, verb, policy.Plural, policy.Namespace, policy.Tier, policy.Name);
            string query = $"fieldSelector=metadata.name={policy.Name},spec.tier={policy.Tier}";
            Answer answer = await client.GetAsync($"{policy.Collection}?{query}");
            Assert.True(answer.Code == (May("list") ? 200 : 403), $"{user}\nlist {policy}: {answer.Code} {answer.Text}");
            if (May("list")) Assert.Equal([policy.Name], answer.Names);
            Assert.Equal(May("watch") ? [policy.Name] : null, await InitialAsync(client, $"{policy.Collection}?{query}"));
        }
    }

    [Fact]
    public async Task Headers_of_a_proxy_make_nobody_somebody_else()
    {
        TierWorld world = await server.WorldAsync();
        (string, string)[] forged = [("X-Remote-User", "admin"), ("X-Remote-Group", "system:masters"), ("X-Remote-Extra-Scopes", "all")];
        foreach (ModelPolicy policy in world.Policies.DistinctBy(p => (p.Plural, p.Tier)))
        {
            foreach (var (method, path, body) in (IEnumerable<(HttpMethod, string, string?)>)
                [(HttpMethod.Get, policy.Path, null), (HttpMethod.Get, policy.Collection, null), (HttpMethod.Post, policy.Collection, policy.Body()), (HttpMethod.Put, policy.Path, policy.Body()), (HttpMethod.Delete, policy.Path, null)])
            {
                Answer answer = await server.As(world.Users[0].Name).SendAsync(method, path, body, headers: forged);
                Assert.True(answer.Code == 403 && answer.Message.Contains(world.Users[0].Name, StringComparison.Ordinal), $"{method} {path}: {answer.Code} {answer.Text}");
            }
        }
    }

    /// <summary>The first users, or as many as <c>MARGAY_TIER_USERS</c> says.</summary>
    protected static IEnumerable<TheoryDataRow<int>> UsersUpTo(int count) =>
        Enumerable.Range(0, int.TryParse(Environment.GetEnvironmentVariable("MARGAY_TIER_USERS"), out int asked) ? Math.Clamp(asked, 1, TierWorld.UserCount) : count)
            .Select(i => new TheoryDataRow<int>(i));

    private static IEnumerable<(string Query, IReadOnlyList<string>? Named)> Selections(TierWorld world)
    {
        yield return ("", null);
        yield return ($"fieldSelector=spec.tier={world.Tiers[0]}", [world.Tiers[0]]);
        yield return ($"labelSelector=projectcalico.org/tier={world.Tiers[1]}", [world.Tiers[1]]);
        yield return ($"labelSelector=projectcalico.org/tier in ({world.Tiers[0]},{world.Tiers[2]})", [world.Tiers[0], world.Tiers[2]]);
    }

    /// <summary>The tiers that an answer is about; null when it is a refusal.</summary>
    private static string[]? Expected(TierWorld world, TierUser user, string verb, string plural, string space, IReadOnlyList<string>? named)
    {
        bool May(string tier) => TierTwin.Allows(user, verb, plural, space, tier, "");
        if (named is not null) return named.All(May) ? [.. named] : null;
        // The tier stands for all those of the server that the world does not know.
        string[] seen = [.. world.Tiers.Append("kube-admin").Where(May)];
        return seen.Length > 0 ? seen : null;
    }

    private static async Task ExpectListAsync(
        TierWorld world, IReadOnlyCollection<string>? tiers, TierUser user, string plural, string space, string query, Task<Answer> asked)
    {
        Answer answer = await asked;
        Assert.True(answer.Code == (tiers is null ? 403 : 200), $"{user}\n{plural} in '{space}' {query}: {answer.Code} {answer.Text}");
        if (tiers is not null) Assert.Equal(NamesIn(world, plural, space, tiers), answer.Names.Where(world.Owns).Order(StringComparer.Ordinal));
    }

    private static async Task ExpectWatchAsync(
        TierWorld world, IReadOnlyCollection<string>? tiers, TierUser user, string plural, string space, string path, ApiClient client)
    {
        IReadOnlyList<string>? names = await InitialAsync(client, path);
        Assert.True((names is null) == (tiers is null), $"{user}\nwatch {path}: {(names is null ? "refused" : "allowed")}");
        if (tiers is not null) Assert.Equal(NamesIn(world, plural, space, tiers), names!.Where(world.Owns).Order(StringComparer.Ordinal));
    }

    /// <summary>What a watch begins with; null when it is refused.</summary>
    private static async Task<IReadOnlyList<string>?> InitialAsync(ApiClient client, string path)
    {
        var names = new List<string>();
        try
        {
            await foreach (JsonObject change in client.WatchAsync(
                $"{path}&watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", TestContext.Current.CancellationToken))
            {
                if ((string?)change["type"] == "BOOKMARK") return names;
                names.Add((string)change["object"]!["metadata"]!["name"]!);
            }
        }
        catch (InvalidOperationException e) when (e.Message.StartsWith("403", StringComparison.Ordinal))
        {
            return null;
        }
        throw new InvalidOperationException($"{path} ended before it had begun.");
    }

    private static IEnumerable<string> NamesIn(TierWorld world, string plural, string space, IReadOnlyCollection<string> tiers) =>
        world.Policies.Where(p => p.Plural == plural && (space.Length == 0 || p.Namespace == space) && tiers.Contains(p.Tier))
            .Select(p => p.Name).Order(StringComparer.Ordinal);

    private static async Task ExpectAsync(bool allowed, TierUser user, string what, ModelPolicy policy, Task<Answer> asked, int success = 200)
    {
        Answer answer = await asked;
        Assert.True(answer.Code == (allowed ? success : 403), $"{user}\n{what} {policy}: {answer.Code} {answer.Text}");
    }

    private async Task<(TierWorld World, TierUser User, ApiClient Client)> SubjectAsync(int index)
    {
        TierWorld world = await server.WorldAsync();
        return (world, world.Users[index], server.As(world.Users[index].Name));
    }
}
