namespace Margay.Answers.Reports;

/// <summary>Chooses a writer by the name that <c>-o</c> takes.</summary>
public static class ReportFormat
{
    /// <summary>The formats besides text, which each command writes itself.</summary>
    public static IReadOnlyList<string> Names { get; } = ["json", "sarif", "junit"];

    /// <summary>Writes a report.</summary>
    /// <param name="format">One of <see cref="Names"/>.</param>
    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="version">The version of the program.</param>
    public static void Write(string format, TextWriter output, Report report, string version)
    {
        switch (format)
        {
            case "json": JsonReport.Write(output, report); break;
            case "sarif": SarifReport.Write(output, report, version); break;
            case "junit": JUnitReport.Write(output, report); break;
            default: throw new ArgumentException($"There is no format {format}; there are {string.Join(", ", Names)}.", nameof(format));
        }
    }
}
