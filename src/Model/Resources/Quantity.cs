using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>An amount of a resource as Kubernetes writes it, for example <c>500m</c> or <c>2Gi</c>; kept as text.</summary>
/// <param name="Text">The text.</param>
[JsonConverter(typeof(QuantityConverter))]
public readonly record struct Quantity(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>People may write a bare number; the API writes strings.</summary>
internal sealed class QuantityConverter : JsonConverter<Quantity>
{
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => new Quantity(reader.GetString()!),
            JsonTokenType.Number => new Quantity(Encoding.UTF8.GetString(reader.ValueSpan)),
            _ => throw new JsonException("expected a quantity such as \"500m\" or \"2Gi\""),
        };

    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text ?? "0");
}
