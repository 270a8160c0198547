using System.Text.RegularExpressions;

namespace Margay.Model.Validation;

/// <summary>Checks of texts that several kinds have.</summary>
internal static class Texts
{
    /// <summary>A duration as Go writes it, not negative.</summary>
    public static void Duration(Findings findings, FieldPath field, string? text)
    {
        if (text is not null && (!GoDuration.TryParse(text, out var duration) || duration < TimeSpan.Zero))
            findings.Invalid(field, text, "must be a duration such as 90s, 1m30s or 50ms");
    }

    /// <summary>A regular expression; those that could take very long are none to us.</summary>
    public static void Pattern(Findings findings, FieldPath field, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        try
        {
            _ = new Regex(text.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            findings.Invalid(field, text, "must be a regular expression: " + e.Message);
        }
        catch (NotSupportedException e)
        {
            findings.Invalid(field, text, "must be a regular expression without look-around and back references: " + e.Message);
        }
    }

    /// <summary>A name that may be absent.</summary>
    public static void Name(Findings findings, FieldPath field, string? text, Func<string, string?>? form = null)
    {
        if (!string.IsNullOrEmpty(text) && (form ?? Names.DnsSubdomain)(text) is { } wrong)
            findings.Invalid(field, text, wrong);
    }

    /// <summary>A word that may be absent or empty.</summary>
    public static void Word(Findings findings, FieldPath field, string? text, params ReadOnlySpan<string> supported)
    {
        if (!string.IsNullOrEmpty(text))
            findings.OneOf(field, text, supported);
    }
}
