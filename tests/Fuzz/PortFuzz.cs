using System.Text;
using System.Text.Json;
using Margay.Model.Resources;
using Margay.Model.Validation;
using Xunit;

namespace Margay.Fuzz.Tests;

public sealed class PortFuzz
{
    private static readonly string[] _words =
    [
        "80", "0", "65535", "65536", "1:2", "8000:8100", "2:1", "http", "\"http\"", "\"1:2\"", "TCP", "UDPLite", "ICMPv6", "\"SCTP\"", "255", "256", "-1", "1e3", "1.5",
        "null", "{}", "[", "99999999999999999999", "1h30m", "1.5s", "50ms", "9000000000000000h", "-", "+", ":", "007", "µs",
    ];

    [Fact]
    public void Any_text_is_a_port_a_protocol_or_a_duration_and_prints_as_itself() => new FuzzRun("port", _words, Check).Start();

    private static void Check(string text)
    {
        var port = PolicyPort.Parse(text);
        Assert.Equal(port, PolicyPort.Parse(port.ToString()));
        var protocol = Protocol.Parse(text);
        Assert.Equal(protocol.Number, Protocol.Parse(protocol.ToString()).Number);
        if (GoDuration.TryParse(text, out var duration)) Assert.True(GoDuration.TryParse(Print(duration), out var again) && again == duration, $"{duration}");
        // As a value of a rule, in whatever JSON it comes.
        CheckJson($$$"""{"action":"Allow","protocol":{{{text}}},"destination":{"ports":[{{{text}}}]}}""");
        CheckJson($$$"""{"action":"Allow","protocol":{{{JsonSerializer.Serialize(text)}}},"destination":{"ports":[{{{JsonSerializer.Serialize(text)}}}]}}""");
    }

    private static string Print(TimeSpan duration)
    {
        var (hours, rest) = decimal.Abs(duration.Ticks) is var ticks ? ((long)(ticks / TimeSpan.TicksPerHour), ticks % TimeSpan.TicksPerHour) : default;
        return $"{(duration < TimeSpan.Zero ? "-" : "")}{hours}h{rest * 100:0}ns";
    }

    private static void CheckJson(string json)
    {
        Rule rule;
        try
        {
            rule = JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), ModelJson.Default.Rule)!;
        }
        catch (JsonException)
        {
            return;
        }
        string written = JsonSerializer.Serialize(rule, ModelJson.Default.Rule);
        Assert.Equal(written, JsonSerializer.Serialize(JsonSerializer.Deserialize(written, ModelJson.Default.Rule)!, ModelJson.Default.Rule));
    }
}
