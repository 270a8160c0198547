using System.Collections.Immutable;

namespace Margay.Answers.Reports;

/// <summary>How grave a finding is.</summary>
public enum FindingLevel
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Probably a mistake.</summary>
    Warning,

    /// <summary>A mistake, or a demand that is not met.</summary>
    Error,
}

/// <summary>One thing that was found.</summary>
public sealed record Finding
{
    /// <summary>What kind of finding it is, for programs: a word such as <c>shadowed-rule</c>, listed with the command's documentation.</summary>
    public required string Rule { get; init; }

    /// <summary>How grave it is.</summary>
    public required FindingLevel Level { get; init; }

    /// <summary>What is wrong, in a sentence that stands alone, and how to mend it.</summary>
    public required string Message { get; init; }

    /// <summary>The object it is about, as kind and name; empty when it is about none.</summary>
    public string Object { get; init; } = "";

    /// <summary>The field's path in the object; empty for the whole object.</summary>
    public string Field { get; init; } = "";

    /// <summary>What stands in the field; null when nothing does or it does not matter.</summary>
    public string? Value { get; init; }

    /// <summary>The file; null when it stands in none.</summary>
    public string? File { get; init; }

    /// <summary>The line, from 1; null without a file.</summary>
    public int? Line { get; init; }

    /// <summary>Further lines for people; empty for none.</summary>
    public string Details { get; init; } = "";

    /// <summary><c>file:line: level: object: field: message</c>, without the parts that are not known.</summary>
    public override string ToString()
    {
        string place = File is null ? "" : Line is null ? $"{File}: " : $"{File}:{Line}: ";
        return $"{place}{Level.ToString().ToLowerInvariant()}: {(Object.Length == 0 ? "" : Object + ": ")}{(Field.Length == 0 ? "" : Field + ": ")}{Message}";
    }
}

/// <summary>What came of one check.</summary>
public enum CheckOutcome
{
    /// <summary>It holds.</summary>
    Passed,

    /// <summary>It does not hold.</summary>
    Failed,

    /// <summary>It was not tried.</summary>
    Skipped,
}

/// <summary>One thing that was checked: a file, a test, an invariant.</summary>
/// <param name="Name">What it is called; unique in the report.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Details">For people: why it failed or was skipped; empty when it passed.</param>
/// <param name="Findings">What was found on the way.</param>
public sealed record Check(string Name, CheckOutcome Outcome, string Details, ImmutableArray<Finding> Findings);

/// <summary>Everything that one command found.</summary>
/// <param name="Tool">The command, for example <c>margay verify</c>.</param>
/// <param name="Checks">What was checked; findings of a check are there.</param>
/// <param name="Findings">Findings that belong to no check.</param>
public sealed record Report(string Tool, ImmutableArray<Check> Checks, ImmutableArray<Finding> Findings)
{
    /// <summary>All findings, those of checks first.</summary>
    public IEnumerable<Finding> AllFindings => Checks.SelectMany(c => c.Findings).Concat(Findings);
}
