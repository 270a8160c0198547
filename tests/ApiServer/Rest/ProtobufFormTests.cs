using Margay.ApiServer.OpenApi;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Tests.Rest;

public sealed class ProtobufFormTests
{
    [Fact]
    public void A_config_map_is_read_with_its_maps()
    {
        var metadata = new ProtoMessage().Element(1, "a").Element(2, "").Message(8, new ProtoMessage()).Message(11, Pair("x", "y"));
        var map = new ProtoMessage().Message(1, metadata).Message(2, Pair("k", "v")).Message(2, Pair("empty", ""));

        Assert.Equal(
            """{"metadata":{"name":"a","labels":{"x":"y"}},"data":{"k":"v","empty":""},"apiVersion":"v1","kind":"ConfigMap"}""",
            ProtobufForm.Parse(Envelope("ConfigMap", map)).ToJsonString());
    }

    [Fact]
    public void The_core_group_of_a_role_is_an_empty_name_and_stays()
    {
        var rule = new ProtoMessage().Element(1, "get").Element(2, "").Element(3, "pods");
        Assert.Equal(
            """{"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}],"apiVersion":"v1","kind":"Role"}""",
            ProtobufForm.Parse(Envelope("Role", new ProtoMessage().Message(2, rule))).ToJsonString());
    }

    [Fact]
    public void What_is_not_known_is_refused_and_not_dropped()
    {
        var unknownField = new ProtoMessage().Element(99, "x");
        Assert.Contains("field 99 of ConfigMap", Assert.Throws<NotSupportedException>(() => ProtobufForm.Parse(Envelope("ConfigMap", unknownField))).Message, StringComparison.Ordinal);
        Assert.Contains("Gizmo", Assert.Throws<NotSupportedException>(() => ProtobufForm.Parse(Envelope("Gizmo", new ProtoMessage()))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k8s")]
    [InlineData("{}")]
    public void What_is_no_protobuf_is_refused(string body) =>
        Assert.Throws<FormatException>(() => ProtobufForm.Parse(System.Text.Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_broken_body_is_refused_wherever_it_ends()
    {
        var whole = Envelope("ConfigMap", new ProtoMessage().Message(1, new ProtoMessage().Element(1, "name")).Message(2, Pair("k", "v")));
        int refused = 0;
        for (int length = 5; length < whole.Length; length++)
        {
            if (Record.Exception(() => ProtobufForm.Parse(whole[..length])) is { } e)
            {
                Assert.True(e is FormatException or NotSupportedException, e.ToString());
                refused++;
            }
        }

        Assert.True(refused > whole.Length / 2, $"{refused} of {whole.Length}");
    }

    private static ProtoMessage Pair(string key, string value) => new ProtoMessage().Element(1, key).Element(2, value);

    private static byte[] Envelope(string kind, ProtoMessage message)
    {
        var envelope = new ProtoMessage().Message(1, new ProtoMessage().Element(1, "v1").Element(2, kind)).Message(2, message);
        return [.. "k8s\0"u8, .. envelope.ToArray()];
    }
}
