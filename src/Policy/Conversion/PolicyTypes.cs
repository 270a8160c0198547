using Margay.Model.Resources;

namespace Margay.Policy.Conversion;

/// <summary>The directions that a policy decides about.</summary>
internal static class PolicyTypes
{
    /// <summary>
    /// The given types; when there are none, ingress unless there are only egress rules, and egress when there are egress
    /// rules. A type that nobody knows counts as both: the policy was meant to restrict something.
    /// </summary>
    internal static (bool Ingress, bool Egress) Of(List<string>? types, int ingressRules, int egressRules)
    {
        if (types is not { Count: > 0 }) return (ingressRules > 0 || egressRules == 0, egressRules > 0);
        bool unknown = types.Exists(t => !Is(t, PolicyType.Ingress) && !Is(t, PolicyType.Egress));
        return (unknown || types.Exists(t => Is(t, PolicyType.Ingress)), unknown || types.Exists(t => Is(t, PolicyType.Egress)));
    }

    private static bool Is(string? type, string expected) => string.Equals(type, expected, StringComparison.OrdinalIgnoreCase);
}
