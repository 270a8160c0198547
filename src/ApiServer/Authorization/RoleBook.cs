using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Authorization;

/// <summary>All roles and bindings as they were at one moment. Read once, then only asked, by any thread.</summary>
internal sealed class RoleBook
{
    private readonly Dictionary<(string Namespace, string Name), Role> _roles = [];
    private readonly List<Binding> _bindings = [];

    /// <summary>Takes a stored object of the group.</summary>
    public void Add(JsonObject value)
    {
        string space = value.Metadata().Text("namespace"), name = value.Metadata().Text("name");
        if (value.Text("kind") is "Role" or "ClusterRole") _roles[(space, name)] = Role.Read(value);
        else _bindings.Add(new Binding(value.Text("kind"), space, name, RoleReference.Read(value), [.. (value.List("subjects") ?? []).OfType<JsonObject>().Select(Subject.Read)]));
    }

    /// <summary>The rules that somebody has in a namespace and everywhere, each with the binding that gives them.</summary>
    /// <param name="user">Who.</param>
    /// <param name="space">The namespace; empty: only what holds everywhere.</param>
    public IEnumerable<(string Binding, AccessRule Rule)> Of(UserInfo user, string space)
    {
        foreach (var binding in _bindings)
        {
            if (binding.Namespace.Length > 0 && binding.Namespace != space) continue;
            if (!binding.Subjects.Any(subject => subject.Is(user, binding.Namespace))) continue;
            foreach (var rule in RulesOf(binding.Role, binding.Namespace)) yield return (binding.ToString(), rule);
        }
    }

    /// <summary>Whether there is such a role.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="space">The binding's namespace; empty for one of the cluster.</param>
    public bool Has(RoleReference reference, string space) => _roles.ContainsKey((reference.IsCluster ? "" : space, reference.Name));

    /// <summary>The rules of the role that a binding names; none when there is no such role.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="space">The binding's namespace; empty for one of the cluster.</param>
    public ImmutableArray<AccessRule> RulesOf(RoleReference reference, string space)
    {
        if (!_roles.TryGetValue((reference.IsCluster ? "" : space, reference.Name), out var role)) return [];
        if (role.Gathers.IsEmpty) return role.Rules;
        // A role that gathers others has their rules and none of its own.
        return [.. _roles.Values.Where(other => other.IsCluster && other != role && role.Gathers.Any(other.HasLabels)).SelectMany(other => other.Rules)];
    }

    private sealed record Role(bool IsCluster, ImmutableArray<AccessRule> Rules, Dictionary<string, string> Labels, ImmutableArray<Dictionary<string, string>> Gathers)
    {
        public static Role Read(JsonObject value) => new(
            value.Text("kind") == "ClusterRole", RoleRules.Read(value), Pairs(value.Metadata().Child("labels")),
            [.. (value.Child("aggregationRule")?.List("clusterRoleSelectors") ?? []).OfType<JsonObject>()
                // Expressions are not understood: such a selector gathers nothing, rather than too much.
                .Select(selector => selector["matchExpressions"] is JsonArray { Count: > 0 } ? [] : Pairs(selector.Child("matchLabels")))]);

        public bool HasLabels(Dictionary<string, string> wanted) => wanted.Count > 0 && wanted.All(label => Labels.GetValueOrDefault(label.Key) == label.Value);

        private static Dictionary<string, string> Pairs(JsonObject? map) =>
            (map ?? []).Select(pair => pair.Key).ToDictionary(key => key, key => map.Text(key), StringComparer.Ordinal);
    }

    private sealed record Binding(string Kind, string Namespace, string Name, RoleReference Role, ImmutableArray<Subject> Subjects)
    {
        public override string ToString() => $"{Kind} \"{(Namespace.Length == 0 ? "" : Namespace + "/")}{Name}\"";
    }

    private sealed record Subject(string Kind, string Namespace, string Name)
    {
        public static Subject Read(JsonObject value) => new(value.Text("kind"), value.Text("namespace"), value.Text("name"));

        public bool Is(UserInfo user, string space) => Kind switch
        {
            "User" => Name == user.Name,
            "Group" => user.Groups.Contains(Name),
            "ServiceAccount" => user.Name == $"system:serviceaccount:{(Namespace.Length > 0 ? Namespace : space)}:{Name}",
            _ => false,
        };
    }
}

/// <summary>The role that a binding gives.</summary>
/// <param name="IsCluster">Whether it is a ClusterRole.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct RoleReference(bool IsCluster, string Name)
{
    /// <summary>Reads the <c>roleRef</c> of a binding.</summary>
    public static RoleReference Read(JsonObject binding) => new(binding.Child("roleRef").Text("kind") == "ClusterRole", binding.Child("roleRef").Text("name"));
}

/// <summary>The rules that stand in a role.</summary>
internal static class RoleRules
{
    /// <summary>Reads them.</summary>
    public static ImmutableArray<AccessRule> Read(JsonObject role) => [.. (role.List("rules") ?? []).OfType<JsonObject>().Select(AccessRule.Read)];
}
