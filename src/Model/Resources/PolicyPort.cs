using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>A port (<c>80</c>), an inclusive range (<c>"8000:8100"</c>) or a named port (<c>"http"</c>).</summary>
/// <remarks>It can hold numbers outside 0 to 65535, so that validation can name them together with everything else.</remarks>
[JsonConverter(typeof(PolicyPortConverter))]
public readonly record struct PolicyPort
{
    private PolicyPort(int first, int last, string? name)
    {
        First = first;
        Last = last;
        Name = name;
    }

    /// <summary>The first port of the range; 0 for a named port.</summary>
    public int First { get; }

    /// <summary>The last port of the range, which is included; 0 for a named port.</summary>
    public int Last { get; }

    /// <summary>The name of a named port, or null.</summary>
    public string? Name { get; }

    /// <summary>One port.</summary>
    /// <param name="port">The number.</param>
    public static PolicyPort Single(int port) => new(port, port, null);

    /// <summary>A range.</summary>
    /// <param name="first">The first port.</param>
    /// <param name="last">The last port, included.</param>
    public static PolicyPort Range(int first, int last) => new(first, last, null);

    /// <summary>A named port, which means for each endpoint the number it declares under that name.</summary>
    /// <param name="name">The name.</param>
    public static PolicyPort Named(string name) => new(0, 0, name);

    /// <summary>Reads any of the three forms; what is neither number nor range is a name.</summary>
    /// <param name="text">The text.</param>
    public static PolicyPort Parse(string text)
    {
        if (TryPort(text, out int port))
            return Single(port);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && TryPort(text.AsSpan(0, colon), out int first) && TryPort(text.AsSpan(colon + 1), out int last)
            ? Range(first, last)
            : Named(text);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Name ?? (First == Last
            ? First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{First}:{Last}"));

    private static bool TryPort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}

/// <summary>Writes a single port as a number and the other two forms as strings.</summary>
internal sealed class PolicyPortConverter : JsonConverter<PolicyPort>
{
    public override PolicyPort Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => PolicyPort.Parse(reader.GetString()!),
            JsonTokenType.Number when reader.TryGetInt32(out int number) => PolicyPort.Single(number),
            _ => throw new JsonException("expected a port number, a range \"first:last\" or a port name"),
        };

    public override void Write(Utf8JsonWriter writer, PolicyPort value, JsonSerializerOptions options)
    {
        if (value.Name is null && value.First == value.Last)
            writer.WriteNumberValue(value.First);
        else
            writer.WriteStringValue(value.ToString());
    }
}
