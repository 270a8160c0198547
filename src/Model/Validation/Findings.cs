using System.Globalization;

namespace Margay.Model.Validation;

/// <summary>Collects mistakes, so that people see all of them at once.</summary>
internal sealed class Findings
{
    private readonly List<ValidationError> _errors = [];

    public IReadOnlyList<ValidationError> Errors => _errors;

    public void Invalid(FieldPath field, object value, string why)
    {
        string text = Text(value);
        _errors.Add(new ValidationError(CauseReason.Invalid, field.ToString(), text, $"Invalid value: {Quoted(value, text)}: {why}"));
    }

    public void Required(FieldPath field, string why) =>
        _errors.Add(new ValidationError(CauseReason.Required, field.ToString(), null, why.Length == 0 ? "Required value" : "Required value: " + why));

    public void Forbidden(FieldPath field, string why) =>
        _errors.Add(new ValidationError(CauseReason.Forbidden, field.ToString(), null, "Forbidden: " + why));

    public void Duplicate(FieldPath field, object value)
    {
        string text = Text(value);
        _errors.Add(new ValidationError(CauseReason.Duplicate, field.ToString(), text, "Duplicate value: " + Quoted(value, text)));
    }

    /// <summary>Reports a value that is none of the supported ones; absent is fine.</summary>
    public void OneOf(FieldPath field, string? value, params ReadOnlySpan<string> supported)
    {
        if (value is null || supported.Contains(value))
            return;
        var list = new List<string>();
        foreach (string word in supported)
            list.Add($"\"{word}\"");
        _errors.Add(new ValidationError(
            CauseReason.NotSupported, field.ToString(), value, $"Unsupported value: \"{value}\": supported values: {string.Join(", ", list)}"));
    }

    public void Range(FieldPath field, long? value, long least, long most)
    {
        if (value < least || value > most)
            Invalid(field, value.Value, $"must be between {least} and {most}");
    }

    public void MaxLength(FieldPath field, string? value, int most)
    {
        if (value?.Length > most)
            _errors.Add(new ValidationError(CauseReason.TooLong, field.ToString(), null, $"Too long: may not be longer than {most}"));
    }

    public void MaxItems<T>(FieldPath field, IReadOnlyCollection<T>? list, int most)
    {
        if (list?.Count > most)
        {
            _errors.Add(new ValidationError(
                CauseReason.TooMany, field.ToString(), Text(list.Count), $"Too many: {list.Count}: must have at most {most} items"));
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
                Required(field.Index(i), "must not be null");
        }
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(object value, string text) =>
        value is int or long or double or bool ? text : "\"" + text.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
