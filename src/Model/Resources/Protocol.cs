using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>
/// An IP protocol by name (<c>TCP</c>, <c>UDP</c>, <c>ICMP</c>, <c>ICMPv6</c>, <c>SCTP</c>, <c>UDPLite</c>) or by its
/// number in the IANA registry, 1 to 255.
/// </summary>
/// <remarks>It keeps what it read, so that validation can name an unknown one and a reader sees what was written.</remarks>
[JsonConverter(typeof(ProtocolConverter))]
public readonly record struct Protocol
{
    private readonly int _value;

    private Protocol(int value, string? name)
    {
        _value = value;
        Name = name;
    }

    /// <summary>TCP, number 6.</summary>
    public static Protocol Tcp => new(6, "TCP");

    /// <summary>UDP, number 17.</summary>
    public static Protocol Udp => new(17, "UDP");

    /// <summary>ICMP for IPv4, number 1.</summary>
    public static Protocol Icmp => new(1, "ICMP");

    /// <summary>ICMP for IPv6, number 58.</summary>
    public static Protocol IcmpV6 => new(58, "ICMPv6");

    /// <summary>SCTP, number 132.</summary>
    public static Protocol Sctp => new(132, "SCTP");

    /// <summary>UDP-Lite, number 136 (RFC 3828).</summary>
    public static Protocol UdpLite => new(136, "UDPLite");

    /// <summary>The name as it was written, or null when it was a number.</summary>
    public string? Name { get; }

    /// <summary>The protocol number, or null for a name that nobody knows.</summary>
    public int? Number => Name is not null && _value == 0 ? null : _value;

    /// <summary>Whether ports can be matched: TCP, UDP, SCTP (and UDP-Lite, whose header begins like UDP's).</summary>
    public bool HasPorts => Number is 6 or 17 or 132 or 136;

    /// <summary>A protocol by its number.</summary>
    /// <param name="number">The number.</param>
    public static Protocol FromNumber(int number) => new(number, null);

    /// <summary>Reads a name, or a number in digits. Names are told apart by case, as the API does.</summary>
    /// <param name="text">The text.</param>
    public static Protocol Parse(string text) => text switch
    {
        "TCP" => Tcp,
        "UDP" => Udp,
        "ICMP" => Icmp,
        "ICMPv6" => IcmpV6,
        "SCTP" => Sctp,
        "UDPLite" => UdpLite,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? FromNumber(number)
            : new Protocol(0, text),
    };

    /// <inheritdoc/>
    public override string ToString() => Name ?? _value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Writes names as strings and numbers as numbers.</summary>
internal sealed class ProtocolConverter : JsonConverter<Protocol>
{
    public override Protocol Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => Protocol.Parse(reader.GetString()!),
            JsonTokenType.Number when reader.TryGetInt32(out int number) => Protocol.FromNumber(number),
            _ => throw new JsonException("expected a protocol name or number"),
        };

    public override void Write(Utf8JsonWriter writer, Protocol value, JsonSerializerOptions options)
    {
        if (value.Name is { } name)
            writer.WriteStringValue(name);
        else
            writer.WriteNumberValue(value.Number!.Value);
    }
}
