using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>
/// An autonomous system's number (RFC 6793), 0 to 4294967295: a JSON number, or a string with the number or its dotted form
/// <c>high.low</c> (RFC 5396).
/// </summary>
/// <remarks>It keeps what it read, so that validation can name what is no number.</remarks>
[JsonConverter(typeof(AsNumberConverter))]
public readonly record struct AsNumber
{
    private readonly long _number;

    private AsNumber(long number, string? text)
    {
        _number = number;
        Text = text;
    }

    /// <summary>The string that it was, or null when it was a JSON number.</summary>
    public string? Text { get; }

    /// <summary>The number, or null for what is none.</summary>
    public uint? Number => _number is >= 0 and <= uint.MaxValue ? (uint)_number : null;

    /// <summary>A number by its value.</summary>
    /// <param name="number">The number.</param>
    public static AsNumber FromNumber(long number) => new(number, null);

    /// <summary>Reads either form.</summary>
    /// <param name="text">The text.</param>
    public static AsNumber Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (TryDigits(text, out long whole))
            return new(whole, text);
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0
            && TryDigits(text.AsSpan(0, dot), out long high) && high <= ushort.MaxValue
            && TryDigits(text.AsSpan(dot + 1), out long low) && low <= ushort.MaxValue
                ? new((high << 16) + low, text)
                : new(-1, text);
    }

    /// <inheritdoc/>
    public override string ToString() => Text ?? _number.ToString(CultureInfo.InvariantCulture);

    private static bool TryDigits(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>Reads and writes <see cref="AsNumber"/> in the form it had.</summary>
internal sealed class AsNumberConverter : JsonConverter<AsNumber>
{
    public override AsNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => AsNumber.Parse(reader.GetString()!),
            JsonTokenType.Number when reader.TryGetInt64(out long number) => AsNumber.FromNumber(number),
            _ => throw new JsonException("expected an AS number such as 64512 or \"1.10\""),
        };

    public override void Write(Utf8JsonWriter writer, AsNumber value, JsonSerializerOptions options)
    {
        if (value.Text is { } text)
            writer.WriteStringValue(text);
        else
            writer.WriteNumberValue(long.Parse(value.ToString(), CultureInfo.InvariantCulture));
    }
}
