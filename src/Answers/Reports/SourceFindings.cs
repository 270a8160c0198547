using Margay.Answers.Sources;

namespace Margay.Answers.Reports;

/// <summary>Problems of sources as findings.</summary>
public static class SourceFindings
{
    /// <summary>The finding for a problem.</summary>
    public static Finding Of(SourceProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new Finding
        {
            Rule = "invalid-object",
            Level = FindingLevel.Error,
            Message = problem.Message,
            Object = problem.Object,
            Field = problem.Field,
            Value = problem.Value,
            File = problem.Place.File,
            Line = problem.Place.LineOf(problem.Field),
            Details = problem.Fix is null ? "" : "fix: " + problem.Fix,
        };
    }
}
