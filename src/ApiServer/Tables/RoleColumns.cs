using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>Columns of roles and bindings.</summary>
internal static class RoleColumns
{
    /// <summary>Roles.</summary>
    public static IReadOnlyList<Column> Role { get; } =
        [Column.ObjectName, new Column("Created At", "date", "When it was made.", (role, _) => role.Text("metadata", "creationTimestamp"))];

    /// <summary>Bindings.</summary>
    public static IReadOnlyList<Column> Binding { get; } =
    [
        Column.ObjectName,
        Column.Text("Role", "The role that it gives.", binding => $"{binding.Text("roleRef", "kind")}/{binding.Text("roleRef", "name")}"),
        Column.Age,
        Column.Text("Users", "The users that have it.", binding => Subjects(binding, "User")).Wide(),
        Column.Text("Groups", "The groups that have it.", binding => Subjects(binding, "Group")).Wide(),
        Column.Text("ServiceAccounts", "The service accounts that have it.", binding => Subjects(binding, "ServiceAccount")).Wide(),
    ];

    private static string Subjects(JsonObject binding, string kind) => string.Join(", ", binding.Items("subjects").OfType<JsonObject>()
        .Where(subject => subject.Text("kind") == kind)
        .Select(subject => kind == "ServiceAccount" ? $"{subject.Text("namespace")}/{subject.Text("name")}" : subject.Text("name")));
}
