namespace Margay.Model.Resources;

/// <summary>
/// What Margay adds to the policy of projectcalico.org: the action <see cref="PolicyAction.Reject"/> in rules and as the
/// default of a tier, and the times between which a policy counts. They are off: an object that uses one of them is refused
/// unless it carries the annotation <see cref="Annotation"/> with the value <see cref="Allowed"/>. So an object says by itself
/// that it means something else to other software, wherever it is read.
/// </summary>
public static class Extensions
{
    /// <summary>The annotation that allows an object to use extensions.</summary>
    public const string Annotation = "margay.io/extensions";

    /// <summary>The value that allows them; every other value does not.</summary>
    public const string Allowed = "true";

    /// <summary>Whether an object may use extensions.</summary>
    /// <param name="metadata">The object's metadata.</param>
    public static bool AreAllowed(ObjectMeta metadata) =>
        metadata?.Annotations?.GetValueOrDefault(Annotation) == Allowed;
}
