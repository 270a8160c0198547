namespace Margay.Answers.Sources;

/// <summary>Something wrong with an object that was read.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Object">The object, as kind and name; empty when it has none.</param>
/// <param name="Field">The field's path; empty for the whole object.</param>
/// <param name="Value">What stands there; null when nothing does.</param>
/// <param name="Reason">A word for programs, of <see cref="Model.Validation.CauseReason"/> or <c>Unreadable</c>, <c>UnknownKind</c>, <c>Duplicate</c>.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record SourceProblem(SourcePlace Place, string Object, string Field, string? Value, string Reason, string Message)
{
    /// <summary>What would mend it, as an instruction; null when the message says so itself.</summary>
    public string? Fix { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Place.Describe(Field)}: {(Object.Length == 0 ? "" : Object + ": ")}{(Field.Length == 0 ? "" : Field + ": ")}{Message}";
}
