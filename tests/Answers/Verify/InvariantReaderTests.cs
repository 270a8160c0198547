using Margay.Answers.Verify;
using Xunit;

namespace Margay.Answers.Tests.Verify;

public sealed class InvariantReaderTests
{
    [Theory]
    [InlineData("invariants:\n- name: x\n  deny: { from: { selector: 'a ==' } }", "f:3", "no selector")]
    [InlineData("invariants:\n- name: x\n  deny: { form: {} }", "f:3", "unknown field form")]
    [InlineData("invariants:\n- name: x\n  deny: {}\n  allow: {}", "f:2", "either deny or allow")]
    [InlineData("invariants:\n- name: x", "f:2", "either deny or allow")]
    [InlineData("invariants:\n- deny: {}", "f:2", "name is missing")]
    [InlineData("invariants:\n- name: x\n  deny:\n    ports: [http]", "f:4", "is no port")]
    [InlineData("invariants:\n- name: x\n  deny:\n    ports: [99999]", "f:4", "is no port")]
    [InlineData("invariants:\n- name: x\n  deny:\n    ports: []", "f:4", "leave ports out")]
    [InlineData("invariants:\n- name: x\n  deny:\n    to: { cidr: 10.0.0.0/33 }", "f:4", "is no prefix")]
    [InlineData("invariants:\n- name: x\n  deny:\n    to: { internet: true, cidr: 10.0.0.0/8 }", "f:4", "give one of")]
    [InlineData("invariants:\n- name: x\n  deny:\n    to: {}", "f:4", "leave to out for everything")]
    [InlineData("invariants:\n- name: x\n  deny: {}\n  except: {}", "f:4", "expected a list")]
    [InlineData("invariants:\n- name: x\n  deny: {}\n- name: x\n  allow: {}", "f:4", "is there twice")]
    [InlineData("invariant: []", "f:1", "expected one field, invariants")]
    [InlineData("invariants: [", "f:", "")]
    public void Refuses_with_file_line_and_fix(string text, string place, string problem)
    {
        var error = Assert.Throws<AnswerException>(() => InvariantReader.Read("f", text));
        Assert.StartsWith(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_every_mistake_at_once()
    {
        var error = Assert.Throws<AnswerException>(() => InvariantReader.Read("f", "invariants:\n- name: x\n  deny: { ports: [http], from: { selector: '(' } }"));
        Assert.Equal(2, error.Message.Split('\n').Length);
    }

    [Theory]
    [InlineData("443", "TCP 443")]
    [InlineData("443/udp", "UDP 443")]
    [InlineData("8000-8999/sctp", "SCTP 8000-8999")]
    [InlineData("tcp", "TCP")]
    [InlineData("icmp", "ICMP")]
    [InlineData("protocol/47", "protocol 47")]
    public void Reads_ports(string word, string meaning)
    {
        Assert.True(PortWord.TryParse(word, out var parsed));
        Assert.Equal(meaning, parsed.In(Foundation.Primitives.IpFamily.V4).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("80/")]
    [InlineData("90-80")]
    [InlineData("80/icmp")]
    [InlineData("-1")]
    [InlineData("1/2/3")]
    [InlineData("protocol/256")]
    public void Refuses_what_is_no_port(string word) => Assert.False(PortWord.TryParse(word, out _));
}
