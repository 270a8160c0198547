using System.Collections.Immutable;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>Which end of the packet.</summary>
internal enum Side
{
    Source,
    Destination,
}

/// <summary>Collects the expressions of one rule. Every test loads what it needs: no state between tests.</summary>
internal sealed class RuleBuilder
{
    private const uint R0 = 8;

    private readonly List<NftExpression> _expressions = [];

    public RuleBuilder Add(params ReadOnlySpan<NftExpression> expressions)
    {
        _expressions.AddRange(expressions);
        return this;
    }

    public RuleBuilder Add(ImmutableArray<NftExpression> expressions)
    {
        _expressions.AddRange(expressions);
        return this;
    }

    public RuleBuilder Family(IpFamily family) =>
        Add(new NftMeta(NftMetaKey.NfProto), new NftCmp(NftCmpOp.Equal, NftValue.U8(NfProto(family))));

    public RuleBuilder Protocol(byte protocol, bool equal = true) =>
        Add(new NftMeta(NftMetaKey.L4Proto), new NftCmp(Op(equal), NftValue.U8(protocol)));

    public RuleBuilder ProtocolIn(string set, bool inside = true) =>
        Add(new NftMeta(NftMetaKey.L4Proto), new NftLookup(set, !inside));

    public RuleBuilder InputPrefix(string prefix, bool equal = true) =>
        Add(new NftMeta(NftMetaKey.InputName), new NftCmp(Op(equal), NftValue.NamePrefix(prefix)));

    public RuleBuilder OutputPrefix(string prefix, bool equal = true) =>
        Add(new NftMeta(NftMetaKey.OutputName), new NftCmp(Op(equal), NftValue.NamePrefix(prefix)));

    public RuleBuilder OutputNotIn(string set) => Add(new NftMeta(NftMetaKey.OutputName), new NftLookup(set, Inverted: true));

    public RuleBuilder State(NftCtState states) =>
        Add(new NftCt(), new NftBitwise(NftValue.HostU32((uint)states), NftValue.HostU32(0)), new NftCmp(NftCmpOp.NotEqual, NftValue.HostU32(0)));

    public RuleBuilder ConnectionMarked(uint bit) =>
        Add(new NftCt(NftCt.MarkKey), new NftBitwise(NftValue.HostU32(bit), NftValue.HostU32(0)), new NftCmp(NftCmpOp.NotEqual, NftValue.HostU32(0)));

    public RuleBuilder Address(Side side, IpFamily family, string set, bool inside = true) =>
        Add(LoadAddress(side, family, R0), new NftLookup(set, !inside));

    public RuleBuilder Net(Side side, IpPrefix net, bool inside = true)
    {
        Add(LoadAddress(side, net.Family, R0));
        if (net.Length == 0) throw new ArgumentException("A prefix of length 0 needs no test.", nameof(net));
        if (!net.IsSingleAddress)
        {
            byte[] mask = new byte[net.Address.ByteCount];
            for (int bit = 0; bit < net.Length; bit++) mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
            Add(new NftBitwise(new NftValue(mask), new NftValue(new byte[mask.Length])));
        }
        return Add(new NftCmp(Op(inside), Value(net.Address)));
    }

    /// <summary>Interface and source address are an entry of a concatenated set.</summary>
    public RuleBuilder InputAndSource(IpFamily family, string set) =>
        Add(new NftMeta(NftMetaKey.InputName, R0), LoadAddress(Side.Source, family, R0 + 4), new NftLookup(set));

    /// <summary>Address, protocol and port of a side are an entry of a concatenated set.</summary>
    public RuleBuilder AddressProtocolPort(Side side, IpFamily family, string set, bool inside = true)
    {
        uint next = R0 + (family == IpFamily.V4 ? 1u : 4u);
        return Add(LoadAddress(side, family, R0), new NftMeta(NftMetaKey.L4Proto, next), LoadPort(side, next + 1), new NftLookup(set, !inside));
    }

    /// <summary>Protocol and port of a side are in a concatenated set of ranges.</summary>
    public RuleBuilder ProtocolPort(Side side, string set) =>
        Add(new NftMeta(NftMetaKey.L4Proto, R0), LoadPort(side, R0 + 1), new NftLookup(set));

    public RuleBuilder Port(Side side, ushort first, ushort last, bool inside = true) =>
        first == last
            ? Add(LoadPort(side, R0), new NftCmp(Op(inside), NftValue.U16(first)))
            : Add(LoadPort(side, R0), new NftRange(inside, NftValue.U16(first), NftValue.U16(last)));

    public RuleBuilder PortIn(Side side, string set, bool inside = true) => Add(LoadPort(side, R0), new NftLookup(set, !inside));

    public RuleBuilder IcmpType(byte type, bool equal = true) =>
        Add(new NftPayload(NftPayloadBase.Transport, 0, 1), new NftCmp(Op(equal), NftValue.U8(type)));

    public RuleBuilder IcmpTypeAndCode(byte type, byte code, bool equal = true) =>
        Add(new NftPayload(NftPayloadBase.Transport, 0, 2), new NftCmp(Op(equal), new NftValue([type, code])));

    public RuleBuilder IcmpTypeIn(string set) => Add(new NftPayload(NftPayloadBase.Transport, 0, 1), new NftLookup(set));

    /// <summary>The mark's bits of the mask are all set, or all clear.</summary>
    public RuleBuilder Marked(uint bit, bool isSet) =>
        Add(new NftMeta(NftMetaKey.Mark), new NftBitwise(NftValue.HostU32(bit), NftValue.HostU32(0)), new NftCmp(NftCmpOp.Equal, NftValue.HostU32(isSet ? bit : 0)));

    public RuleBuilder SetMark(uint bit, bool value) =>
        Add(new NftMeta(NftMetaKey.Mark), new NftBitwise(NftValue.HostU32(~bit), NftValue.HostU32(value ? bit : 0)), new NftMetaSet(NftMetaKey.Mark));

    public NftRule VerdictByInput(string map) => Add(new NftMeta(NftMetaKey.InputName), new NftLookup(map, IsVerdictMap: true)).Build();

    public NftRule VerdictByOutput(string map) => Add(new NftMeta(NftMetaKey.OutputName), new NftLookup(map, IsVerdictMap: true)).Build();

    public RuleBuilder Counter() => Add(new NftCounter());

    public NftRule Then(NftVerdict verdict, string? comment = null) => Add(new NftImmediate(verdict)).Build(comment);

    public NftRule Build(string? comment = null) => new([.. _expressions], comment);

    /// <summary>What was collected, to be put into several rules.</summary>
    public ImmutableArray<NftExpression> ToExpressions() => [.. _expressions];

    internal static NftValue Value(IpAddr address)
    {
        byte[] bytes = new byte[address.ByteCount];
        address.WriteBytes(bytes);
        return new NftValue(bytes);
    }

    private static byte NfProto(IpFamily family) => (byte)(family == IpFamily.V4 ? NftFamily.Ip : NftFamily.Ip6);

    private static NftCmpOp Op(bool equal) => equal ? NftCmpOp.Equal : NftCmpOp.NotEqual;

    // Offsets in the IPv4 header (RFC 791) and the IPv6 header (RFC 8200).
    private static NftPayload LoadAddress(Side side, IpFamily family, uint register) => family == IpFamily.V4
        ? new NftPayload(NftPayloadBase.Network, side == Side.Source ? 12u : 16u, 4, register)
        : new NftPayload(NftPayloadBase.Network, side == Side.Source ? 8u : 24u, 16, register);

    private static NftPayload LoadPort(Side side, uint register) => new(NftPayloadBase.Transport, side == Side.Source ? 0u : 2u, 2, register);
}
