using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Margay.ApiServer.Admission;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Authorization;

/// <summary>
/// Nobody gives more than they have: who writes a role must have all of its rules, or the verb <c>escalate</c> on it; who
/// binds a role must have all of its rules, or the verb <c>bind</c> on it. What a binding refers to never changes.
/// </summary>
internal sealed class EscalationRule(RoleAuthorizer authorizer) : IAdmissionRule
{
    private const string Group = "rbac.authorization.k8s.io";

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        if (request.Kind.Gvk.Group != Group) return;
        bool binding = request.Kind.Gvk.Kind is "RoleBinding" or "ClusterRoleBinding";
        if (binding && request.Old is { } old && !JsonNode.DeepEquals(old["roleRef"], request.Document["roleRef"]))
            request.Errors.Add(new FieldError("FieldValueInvalid", "roleRef", "Invalid value: cannot change roleRef; delete the binding and make another"));
        // The server's own writes have no user.
        if (request.User is not { } user || user.Groups.Contains(RoleAuthorizer.Masters)) return;

        var role = binding ? RoleReference.Read(request.Document) : new RoleReference(request.Kind.Gvk.Kind == "ClusterRole", request.Name);
        var asks = new AccessRequest(user, binding ? "bind" : "escalate")
        {
            Group = Group, Resource = role.IsCluster ? "clusterroles" : "roles", Namespace = request.Namespace, Name = role.Name,
        };
        if ((await authorizer.DecideAsync(asks, stop)).Allowed) return;
        // A role that does not exist yet could become anything.
        if (binding && !(await authorizer.BookAsync(stop)).Has(role, request.Namespace))
            throw Failures.Forbidden(request.Kind, request.Name, $"{(role.IsCluster ? "clusterrole" : "role")} \"{role.Name}\" does not exist, and user \"{user.Name}\" may not bind every role");
        // What a role gathers can grow without anybody touching it, so whoever lets it gather must have everything.
        var rules = binding ? (await authorizer.BookAsync(stop)).RulesOf(role, request.Namespace)
            : request.Document["aggregationRule"] is not null ? AccessRule.Everything
            : RoleRules.Read(request.Document);
        var missing = await MissingAsync(asks, rules, stop);
        if (missing.Length > 0)
        {
            throw Failures.Forbidden(
                request.Kind, request.Name,
                $"user \"{user.Name}\" is attempting to grant RBAC permissions not currently held: {string.Join("; ", missing.Select(Describe))}");
        }
    }

    private async ValueTask<ImmutableArray<AccessRequest>> MissingAsync(AccessRequest like, ImmutableArray<AccessRule> rules, CancellationToken stop)
    {
        var missing = ImmutableArray.CreateBuilder<AccessRequest>();
        foreach (var part in rules.SelectMany(rule => rule.Parts(like)))
        {
            // An asterisk is asked for as a word: only a rule with an asterisk has it.
            if (!(await authorizer.DecideAsync(part, stop)).Allowed) missing.Add(part);
        }
        return missing.ToImmutable();
    }

    private static string Describe(AccessRequest part) =>
        part.Resource.Length == 0
            ? $"{part.Verb} {part.Path}"
            : $"{part.Verb} {part.FullResource}{(part.Group.Length == 0 ? "" : "." + part.Group)}{(part.Name.Length == 0 ? "" : $" \"{part.Name}\"")}";
}
