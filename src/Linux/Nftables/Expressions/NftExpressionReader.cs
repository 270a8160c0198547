using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Reads the expressions of a rule as the kernel dumps them.</summary>
internal static class NftExpressionReader
{
    internal static List<NftExpression> ReadList(NetlinkAttributes list)
    {
        var expressions = new List<NftExpression>(8);
        while (list.TryNext(out var element))
        {
            string name = "";
            ReadOnlySpan<byte> data = default;
            var parts = element.Nested;
            while (parts.TryNext(out var part))
            {
                if (part.Type == NfTables.NFTA_EXPR_NAME) name = NameOf(part.Value);
                if (part.Type == NfTables.NFTA_EXPR_DATA) data = part.Value;
            }
            expressions.Add(ReadOne(name, data));
        }
        return expressions;
    }

    private static NftExpression ReadOne(string name, ReadOnlySpan<byte> data) => name switch
    {
        "meta" => NftMeta.Read(new NetlinkAttributes(data)),
        "ct" => NftCt.Read(new NetlinkAttributes(data)),
        "payload" => NftPayload.Read(new NetlinkAttributes(data), data),
        "cmp" => NftCmp.Read(new NetlinkAttributes(data)),
        "range" => NftRange.Read(new NetlinkAttributes(data)),
        "bitwise" => NftBitwise.Read(new NetlinkAttributes(data), data),
        "lookup" => NftLookup.Read(new NetlinkAttributes(data), data),
        "immediate" => NftImmediate.Read(new NetlinkAttributes(data), data),
        "counter" => NftCounter.Read(new NetlinkAttributes(data)),
        "log" => NftLog.Read(new NetlinkAttributes(data), data),
        "reject" => NftReject.Read(new NetlinkAttributes(data)),
        "masq" => NftMasquerade.Read(new NetlinkAttributes(data), data),
        _ => new NftForeignExpression(name, new NftValue(data.ToArray())),
    };

    // Tens of thousands of expressions share a dozen names: no string for each.
    private static string NameOf(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)0);
        var name = end < 0 ? value : value[..end];
        if (name.SequenceEqual("meta"u8)) return "meta";
        if (name.SequenceEqual("cmp"u8)) return "cmp";
        if (name.SequenceEqual("payload"u8)) return "payload";
        if (name.SequenceEqual("lookup"u8)) return "lookup";
        if (name.SequenceEqual("counter"u8)) return "counter";
        if (name.SequenceEqual("immediate"u8)) return "immediate";
        return System.Text.Encoding.ASCII.GetString(name);
    }
}
