namespace Margay.Model.Validation;

/// <summary>One mistake in an object, worded as Kubernetes words the causes of a refusal.</summary>
/// <param name="Reason">A word for programs, one of <see cref="CauseReason"/>.</param>
/// <param name="Field">The field's path, for example <c>spec.ingress[0].protocol</c>.</param>
/// <param name="Value">What stands there, as text; null when nothing does or it does not matter.</param>
/// <param name="Message">A sentence for people that has the value in it, without the field.</param>
public sealed record ValidationError(string Reason, string Field, string? Value, string Message)
{
    /// <summary>What would mend it, where the message does not say so itself: <c>set protocol to TCP</c>; else null.</summary>
    public string? Advice { get; init; }

    /// <summary>What would mend it, as an instruction.</summary>
    public string Fix => Advice ?? Reason switch
    {
        CauseReason.Required => $"add {Field}",
        CauseReason.Forbidden or CauseReason.Duplicate => $"remove {Field}",
        _ => "change the value to one that fits the rule",
    };

    /// <inheritdoc/>
    public override string ToString() => Field + ": " + Message;
}

/// <summary>The reasons of causes, as Kubernetes spells them (meta/v1 CauseType).</summary>
public static class CauseReason
{
    /// <summary>The value breaks a rule.</summary>
    public const string Invalid = "FieldValueInvalid";

    /// <summary>A value is missing.</summary>
    public const string Required = "FieldValueRequired";

    /// <summary>The value is none of those that are known.</summary>
    public const string NotSupported = "FieldValueNotSupported";

    /// <summary>The value is there already.</summary>
    public const string Duplicate = "FieldValueDuplicate";

    /// <summary>The field must not be set here.</summary>
    public const string Forbidden = "FieldValueForbidden";

    /// <summary>The text is too long.</summary>
    public const string TooLong = "FieldValueTooLong";

    /// <summary>The list is too long.</summary>
    public const string TooMany = "FieldValueTooMany";

    /// <summary>The value is of a wrong JSON type.</summary>
    public const string TypeInvalid = "FieldValueTypeInvalid";

    /// <summary>The kind has no such field; Kubernetes has no word for it.</summary>
    public const string Unknown = "FieldUnknown";

    /// <summary>Nobody knows the kind; Kubernetes has no word for it.</summary>
    public const string UnknownKind = "KindUnknown";
}
