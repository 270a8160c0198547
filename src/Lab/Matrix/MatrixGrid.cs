using System.Text;
using System.Text.Json;

namespace Margay.Lab.Matrix;

/// <summary>Shows a matrix: a grid with a legend for people, a list of cells for programs.</summary>
internal static class MatrixGrid
{
    /// <summary>A row for each source, a numbered column for each target: ✓ open, ✗ closed, and ! where policy says otherwise.</summary>
    public static string Render(IReadOnlyList<MatrixCell> cells)
    {
        var targets = cells.Select(cell => cell.Target).Distinct().ToList();
        int names = cells.Select(cell => cell.Source.Label.Length).Append("FROM".Length).Max();
        var text = new StringBuilder();
        text.Append("FROM".PadRight(names)).Append(" \\ TO ").AppendJoin(' ', targets.Select((_, column) => $"{column + 1,2}")).Append('\n');
        foreach (var row in cells.GroupBy(cell => cell.Source))
        {
            var byTarget = row.ToDictionary(cell => cell.Target);
            text.Append(row.Key.Label.PadRight(names)).Append("      ");
            foreach (var target in targets) text.Append(' ').Append(byTarget.TryGetValue(target, out var cell) ? Sign(cell) : "  ");
            text.Append('\n');
        }

        text.Append('\n');
        foreach (var (target, column) in targets.Select((target, column) => (target, column + 1)))
            text.Append($"{column,2}  {target.Label}\n");
        text.Append('\n').Append(Summary(cells)).Append('\n');
        foreach (var cell in cells.Where(cell => !cell.Agrees)) text.Append(Explain(cell)).Append('\n');
        return text.ToString();
    }

    /// <summary>One object: totals, and every cell.</summary>
    public static string Json(IReadOnlyList<MatrixCell> cells)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("cells", cells.Count);
            writer.WriteNumber("open", cells.Count(cell => cell.Observed == ProbeOutcome.Open));
            writer.WriteNumber("mismatches", cells.Count(cell => !cell.Agrees));
            writer.WriteStartArray("items");
            foreach (var cell in cells) Write(writer, cell);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Sign(MatrixCell cell) => (cell.Observed == ProbeOutcome.Open ? "✓" : "✗") + (cell.Agrees ? " " : "!");

    private static string Summary(IReadOnlyList<MatrixCell> cells)
    {
        int open = cells.Count(cell => cell.Observed == ProbeOutcome.Open);
        int wrong = cells.Count(cell => !cell.Agrees);
        return $"{cells.Count} connections tried: {open} open, {cells.Count - open} closed; {(wrong == 0 ? "all as policy says" : $"{wrong} NOT as policy says")}";
    }

    private static string Explain(MatrixCell cell) =>
        $"  ! {cell.Source.Label} -> {cell.Target.Label} ({cell.Target.Address}): expected {(cell.Expected ? "open" : "closed")}, " +
        $"was {cell.Observed.ToString().ToLowerInvariant()} {cell.Attempts} times{(cell.Rule.Length == 0 ? "" : $"; rule {cell.Rule}")}";

    private static void Write(Utf8JsonWriter writer, MatrixCell cell)
    {
        writer.WriteStartObject();
        writer.WriteString("from", cell.Source.Label);
        writer.WriteString("to", cell.Target.Label);
        writer.WriteString("address", cell.Target.Address.ToString());
        writer.WriteNumber("port", cell.Target.Port);
        writer.WriteString("expected", cell.Expected ? "open" : "closed");
        writer.WriteString("observed", cell.Observed.ToString().ToLowerInvariant());
        writer.WriteBoolean("agrees", cell.Agrees);
        writer.WriteNumber("attempts", cell.Attempts);
        writer.WriteString("rule", cell.Rule);
        writer.WriteEndObject();
    }
}
