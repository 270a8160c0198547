namespace Margay.Tests.Tiers;

/// <summary>Who may do what, decided in the plainest way there is, from the rules as they were given.</summary>
internal static class TierTwin
{
    /// <summary>Whether somebody may do something with a policy.</summary>
    /// <param name="user">Who.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="plural">The kind.</param>
    /// <param name="space">The namespace; empty for the cluster.</param>
    /// <param name="tier">The policy's tier.</param>
    /// <param name="name">The policy's name as the request has it; empty for none.</param>
    public static bool Allows(TierUser user, string verb, string plural, string space, string tier, string name)
    {
        bool getsTier = false, hasVerb = false;
        foreach (Grant grant in user.Grants)
        {
            bool everywhere = grant.Namespace is null;
            if (everywhere && grant.Verbs.Intersect(["get", "*"]).Any() && grant.Resources.Intersect(["tiers", "*"]).Any()
                && (grant.Names.Length == 0 || grant.Names.Contains(tier)))
                getsTier = true;
            if ((everywhere || (space.Length > 0 && grant.Namespace == space)) && grant.Verbs.Intersect([verb, "*"]).Any()
                && grant.Resources.Intersect([$"tier.{plural}", "*"]).Any()
                && (grant.Names.Length == 0 || grant.Names.Contains($"{tier}.*") || (name.Length > 0 && (grant.Names.Contains(name) || grant.Names.Contains($"{tier}.{name}")))))
                hasVerb = true;
        }
        return getsTier && hasVerb;
    }
}
