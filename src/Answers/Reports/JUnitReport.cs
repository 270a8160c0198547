using System.Globalization;
using System.Xml;

namespace Margay.Answers.Reports;

/// <summary>
/// Writes a report as JUnit XML, in the form that CI systems read (testsuites, testsuite, testcase, failure). Findings that
/// belong to no check become test cases of their own; only errors fail.
/// </summary>
public static class JUnitReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(TextWriter output, Report report)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(report);
        var loose = report.Findings.Select((f, i) => new Check(
            $"{f.Rule} {(f.File is null ? f.Object : $"{f.File}:{f.Line}")} #{i + 1}", f.Level == FindingLevel.Error ? CheckOutcome.Failed : CheckOutcome.Passed, "", [f]));
        var cases = report.Checks.Concat(loose).ToArray();

        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, CheckCharacters = false });
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean(report.Tool));
        xml.WriteAttributeString("tests", Number(cases.Length));
        xml.WriteAttributeString("failures", Number(cases.Count(c => c.Outcome == CheckOutcome.Failed)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", Number(cases.Count(c => c.Outcome == CheckOutcome.Skipped)));
        foreach (var check in cases) Write(xml, report.Tool, check);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.Flush();
        output.WriteLine();
    }

    private static void Write(XmlWriter xml, string tool, Check check)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(tool.Replace(' ', '.')));
        xml.WriteAttributeString("name", Clean(check.Name));
        string text = string.Join('\n', check.Findings.Select(f => f.Details.Length == 0 ? f.ToString() : $"{f}\n{f.Details}").Prepend(check.Details).Where(t => t.Length > 0));
        switch (check.Outcome)
        {
            case CheckOutcome.Failed:
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("message", Clean(text.Split('\n')[0]));
                xml.WriteString(Clean(text));
                xml.WriteEndElement();
                break;
            case CheckOutcome.Skipped:
                xml.WriteStartElement("skipped");
                xml.WriteAttributeString("message", Clean(check.Details));
                xml.WriteEndElement();
                break;
            case CheckOutcome.Passed when text.Length > 0:
                xml.WriteElementString("system-out", Clean(text));
                break;
        }
        xml.WriteEndElement();
    }

    /// <summary>XML 1.0 has no control characters but tab and line ends; manifests can.</summary>
    private static string Clean(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '?'));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
