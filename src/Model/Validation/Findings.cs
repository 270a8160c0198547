using System.Globalization;

namespace Margay.Model.Validation;

/// <summary>Collects mistakes, so that people see all of them at once.</summary>
internal sealed class Findings
{
    private readonly List<ValidationError> _errors = [];

    public IReadOnlyList<ValidationError> Errors => _errors;

    /// <param name="field">Where.</param>
    /// <param name="value">What stands there.</param>
    /// <param name="why">The rule it breaks; begins with "must" where the rule alone says how to mend it.</param>
    /// <param name="fix">What mends it, where the rule does not say.</param>
    public void Invalid(FieldPath field, object value, string why, string? fix = null)
    {
        string text = Text(value);
        Add(CauseReason.Invalid, field, text, $"Invalid value: {Quoted(value, text)}: {why}", fix);
    }

    public void Required(FieldPath field, string why, string? fix = null) =>
        Add(CauseReason.Required, field, null, why.Length == 0 ? "Required value" : "Required value: " + why, fix);

    public void Forbidden(FieldPath field, string why, string? fix = null) =>
        Add(CauseReason.Forbidden, field, null, "Forbidden: " + why, fix);

    public void Duplicate(FieldPath field, object value)
    {
        string text = Text(value);
        Add(CauseReason.Duplicate, field, text, "Duplicate value: " + Quoted(value, text));
    }

    /// <summary>Reports a value that is none of the supported ones; absent is fine.</summary>
    public void OneOf(FieldPath field, string? value, params ReadOnlySpan<string> supported)
    {
        if (value is null || supported.Contains(value))
            return;
        var list = new List<string>();
        string meant = "";
        foreach (string word in supported)
        {
            if (word.Length > 0)
                list.Add($"\"{word}\"");
            if (word.Equals(value, StringComparison.OrdinalIgnoreCase))
                meant = word;
        }

        Add(
            CauseReason.NotSupported, field, value, $"Unsupported value: \"{value}\": supported values: {string.Join(", ", list)}",
            meant.Length > 0 ? $"write {meant}" : null);
    }

    public void Range(FieldPath field, long? value, long least, long most)
    {
        if (value < least || value > most)
            Invalid(field, value.Value, $"must be between {least} and {most}");
    }

    public void MaxLength(FieldPath field, string? value, int most)
    {
        if (value?.Length > most)
            Add(CauseReason.TooLong, field, null, $"Too long: may not be longer than {most}");
    }

    public void MaxItems<T>(FieldPath field, IReadOnlyCollection<T>? list, int most)
    {
        if (list?.Count > most)
        {
            Add(
                CauseReason.TooMany, field, Text(list.Count), $"Too many: {list.Count}: must have at most {most} items",
                $"take out {list.Count - most} items, or put them into another object");
        }
    }

    /// <summary>Reports items that a list has twice.</summary>
    public void Unique(FieldPath field, IReadOnlyList<string>? list)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < list?.Count; i++)
        {
            if (list[i] is { } item && !seen.Add(item))
                Duplicate(field.Index(i), item);
        }
    }

    /// <summary>Checks each item of a list; JSON can have null in it, which no check needs to expect.</summary>
    public void Each<T>(FieldPath field, IReadOnlyList<T>? list, Action<FieldPath, T> check)
    {
        for (int i = 0; i < list?.Count; i++)
        {
            if (list[i] is { } item)
                check(field.Index(i), item);
            else
                Required(field.Index(i), "must not be null", $"give {field.Index(i)} a value or remove it");
        }
    }

    private void Add(string reason, FieldPath field, string? value, string message, string? advice = null) =>
        _errors.Add(new ValidationError(reason, field.ToString(), value, message) { Advice = advice });

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(object value, string text) =>
        value is int or long or double or bool ? text : "\"" + text.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
