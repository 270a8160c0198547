namespace Margay.Cli.Output;

/// <summary>Plain tables as kubectl prints them: upper-case headers, columns three spaces apart, no boxes, nothing at line ends.</summary>
internal sealed class TablePrinter(TextWriter output, bool headers = true)
{
    private const int Gutter = 3;

    /// <summary>Prints a table.</summary>
    public void Print(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select((name, i) => Math.Max(headers ? name.Length : 0, rows.Count == 0 ? 0 : rows.Max(row => Cell(row, i).Length))).ToArray();
        if (headers) WriteRow(columns.Select(name => name.ToUpperInvariant()).ToList(), widths);
        foreach (var row in rows) WriteRow(row, widths);
    }

    private static string Cell(IReadOnlyList<string> row, int column) => column < row.Count ? row[column] : "";

    private void WriteRow(IReadOnlyList<string> cells, int[] widths)
    {
        var line = new System.Text.StringBuilder();
        for (int i = 0; i < widths.Length; i++) line.Append(Cell(cells, i).PadRight(widths[i] + Gutter));
        output.WriteLine(line.ToString().TrimEnd());
    }
}
