using System.Globalization;

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

    /// <summary>Reads an instant as RFC 3339 writes it, which always says how far it is from UTC.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The instant.</param>
    public static bool TryReadTime(string text, out DateTimeOffset time)
    {
        time = default;
        return text is { Length: >= 20 }
            && (text[^1] == 'Z' || (text[^3] == ':' && text[^6] is '+' or '-'))
            && DateTimeOffset.TryParseExact(
                text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}
