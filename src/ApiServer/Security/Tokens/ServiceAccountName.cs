namespace Margay.ApiServer.Security.Tokens;

/// <summary>A service account as a user: <c>system:serviceaccount:NAMESPACE:NAME</c>, with the groups that come with it.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name.</param>
internal readonly record struct ServiceAccountName(string Namespace, string Name)
{
    private const string Prefix = "system:serviceaccount:";
    private const string AllGroup = "system:serviceaccounts";

    /// <summary>The groups that it is in by what it is.</summary>
    public IReadOnlyList<string> Groups => [AllGroup, $"{AllGroup}:{Namespace}"];

    /// <summary>Reads the name of a user; null when it is not one of a service account.</summary>
    public static ServiceAccountName? Parse(string user) =>
        user.StartsWith(Prefix, StringComparison.Ordinal) && user[Prefix.Length..].Split(':') is [{ Length: > 0 } space, { Length: > 0 } name]
            ? new ServiceAccountName(space, name)
            : null;

    /// <summary>The name of the user.</summary>
    public override string ToString() => $"{Prefix}{Namespace}:{Name}";
}
