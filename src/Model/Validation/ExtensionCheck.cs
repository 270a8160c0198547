using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of what Margay adds to upstream's API: allowed only where the object says so (<see cref="Extensions"/>).</summary>
internal static class ExtensionCheck
{
    private const string Why = "is an extension of Margay, which upstream does not know";
    private const string Allow = $"allow it with the annotation {Extensions.Annotation}: \"{Extensions.Allowed}\"";

    /// <summary>An action that may be an extension.</summary>
    public static void Action(Findings findings, FieldPath path, string? action, bool allowed)
    {
        if (!allowed && action == PolicyAction.Reject)
            findings.Forbidden(path, $"\"{action}\" {Why}", Allow);
    }

    /// <summary>The times of a policy.</summary>
    public static void Times(Findings findings, ObjectMeta metadata, PolicySpec spec)
    {
        var (from, until) = (FieldPath.Spec.Child("validFrom"), FieldPath.Spec.Child("validUntil"));
        bool allowed = Extensions.AreAllowed(metadata);
        bool bothRead = Time(findings, from, spec.ValidFrom, allowed, out var first) & Time(findings, until, spec.ValidUntil, allowed, out var last);
        if (bothRead && first >= last)
            findings.Invalid(until, spec.ValidUntil!, "must be after validFrom");
    }

    private static bool Time(Findings findings, FieldPath path, string? text, bool allowed, out DateTimeOffset time)
    {
        time = default;
        if (text is null)
            return false;
        if (!allowed)
            findings.Forbidden(path, Why, Allow);
        if (Extensions.TryReadTime(text, out time))
            return true;
        findings.Invalid(path, text, "must be an instant as RFC 3339 writes it, such as 2030-01-31T08:00:00Z or 2030-01-31T10:00:00+02:00");
        return false;
    }
}
