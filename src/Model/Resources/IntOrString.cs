using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>A number or a name, as Kubernetes writes ports: <c>8080</c> or <c>"http"</c>.</summary>
/// <remarks>A string of digits stays a string, as it does in Kubernetes.</remarks>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString
{
    private readonly int _number;

    /// <summary>Holds a number.</summary>
    /// <param name="number">The number.</param>
    public IntOrString(int number) => _number = number;

    /// <summary>Holds a string.</summary>
    /// <param name="text">The string.</param>
    public IntOrString(string text) => Text = text;

    /// <summary>The string, or null when this is a number.</summary>
    public string? Text { get; }

    /// <summary>The number, or null when this is a string.</summary>
    public int? Number => Text is null ? _number : null;

    /// <summary>A number is one of these.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator IntOrString(int number) => new(number);

    /// <summary>A string is one of these.</summary>
    /// <param name="text">The string.</param>
    public static implicit operator IntOrString(string text) => new(text);

    /// <summary>The same as the implicit conversion.</summary>
    /// <param name="number">The number.</param>
    public static IntOrString FromInt32(int number) => new(number);

    /// <summary>The same as the implicit conversion.</summary>
    /// <param name="text">The string.</param>
    public static IntOrString FromString(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text ?? _number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Reads and writes <see cref="IntOrString"/> as what it holds.</summary>
internal sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => new IntOrString(reader.GetString()!),
            JsonTokenType.Number when reader.TryGetInt32(out int number) => new IntOrString(number),
            _ => throw new JsonException("expected an integer or a string"),
        };

    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
    {
        if (value.Text is { } text)
            writer.WriteStringValue(text);
        else
            writer.WriteNumberValue(value.Number!.Value);
    }
}
