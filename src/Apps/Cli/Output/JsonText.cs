using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.Cli.Output;

/// <summary>JSON for people.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, IndentSize = 4 };

    /// <summary>With line breaks and four blanks, as kubectl prints it.</summary>
    public static string Indented(JsonNode node) => node.ToJsonString(_indented);
}
