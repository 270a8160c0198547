using System.Collections.Immutable;
using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Sets and elements to and from attributes.</summary>
internal static class NftSetCodec
{
    // The nft program packs the types of a concatenation into one number, 6 bits each.
    private const int TypeBits = 6;
    private const uint KnownFlags = NfTables.NFT_SET_INTERVAL | NfTables.NFT_SET_MAP | NfTables.NFT_SET_CONCAT;
    private const uint ByteorderInvalid = 0;
    private const uint ByteorderHost = 1;
    private const uint ByteorderNetwork = 2;

    internal static uint Flags(NftSet set) =>
        (set.Interval ? NfTables.NFT_SET_INTERVAL : 0)
        | (set.VerdictMap ? NfTables.NFT_SET_MAP : 0)
        | (set is { Interval: true, IsConcat: true } ? NfTables.NFT_SET_CONCAT : 0);

    internal static uint KeyType(NftSet set)
    {
        uint type = 0;
        foreach (var field in set.Key) type = (type << TypeBits) | field.Id;
        return type;
    }

    internal static byte[] UserData(NftSet set)
    {
        uint order = set.IsConcat ? ByteorderInvalid : set.Key[0].HostOrder ? ByteorderHost : ByteorderNetwork;
        byte[] data = NftUserData.U32(NfTables.NFTNL_UDATA_SET_KEYBYTEORDER, order);
        if (set.VerdictMap) data = [.. data, .. NftUserData.U32(NfTables.NFTNL_UDATA_SET_DATABYTEORDER, ByteorderInvalid)];
        return set.Comment is null ? data : [.. data, .. NftUserData.Comment(NfTables.NFTNL_UDATA_SET_COMMENT, set.Comment)];
    }

    /// <summary>Reads a set; null for another table, or for a kind of set that Margay never makes, whose name is then given.</summary>
    internal static NftSet? Read(NetlinkAttributes attributes, string table, out string? foreign)
    {
        string ofTable = "", name = "";
        uint flags = 0, keyType = 0, dataType = 0;
        string? comment = null;
        while (attributes.TryNext(out var part))
        {
            switch (part.Type)
            {
                case NfTables.NFTA_SET_TABLE: ofTable = part.Text; break;
                case NfTables.NFTA_SET_NAME: name = part.Text; break;
                case NfTables.NFTA_SET_FLAGS: flags = part.U32Be; break;
                case NfTables.NFTA_SET_KEY_TYPE: keyType = part.U32Be; break;
                case NfTables.NFTA_SET_DATA_TYPE: dataType = part.U32Be; break;
                case NfTables.NFTA_SET_USERDATA: comment = NftUserData.ReadComment(part.Value, NfTables.NFTNL_UDATA_SET_COMMENT); break;
                default: break;
            }
        }
        foreign = null;
        if (ofTable != table) return null;
        bool isMap = (flags & NfTables.NFT_SET_MAP) != 0;
        var key = Types(keyType);
        if (key.IsEmpty || (flags & ~KnownFlags) != 0 || (isMap && dataType != NfTables.NFT_DATA_VERDICT))
        {
            foreign = name;
            return null;
        }
        return new NftSet(name, key) { Interval = (flags & NfTables.NFT_SET_INTERVAL) != 0, VerdictMap = isMap, Comment = comment };
    }

    internal static void WriteElement(NetlinkWriter writer, NftSet set, in NftElement element, bool withData)
    {
        bool bounds = set is { Interval: true, IsConcat: false };
        int nest = writer.BeginNested(NfTables.NFTA_LIST_ELEM);
        WriteKey(writer, NfTables.NFTA_SET_ELEM_KEY, element.Key);
        if (!bounds && !element.KeyEnd.IsEmpty) WriteKey(writer, NfTables.NFTA_SET_ELEM_KEY_END, element.KeyEnd);
        if (withData && element.Verdict is { } verdict) NftImmediate.WriteVerdict(writer, NfTables.NFTA_SET_ELEM_DATA, verdict);
        writer.EndNested(nest);
        if (!bounds || NftRanges.After(element.KeyEnd) is not { } after) return;
        nest = writer.BeginNested(NfTables.NFTA_LIST_ELEM);
        writer.U32Be(NfTables.NFTA_SET_ELEM_FLAGS, NfTables.NFT_SET_ELEM_INTERVAL_END);
        WriteKey(writer, NfTables.NFTA_SET_ELEM_KEY, after);
        writer.EndNested(nest);
    }

    /// <summary>Reads a list of elements; those of single-field interval sets into <paramref name="bounds"/>.</summary>
    internal static void ReadElements(NetlinkAttributes list, NftSet set, List<NftElement> elements, List<NftRanges.Bound> bounds)
    {
        while (list.TryNext(out var item))
        {
            NftValue key = default, keyEnd = default;
            NftVerdict? verdict = null;
            bool end = false;
            var parts = item.Nested;
            while (parts.TryNext(out var part))
            {
                switch (part.Type)
                {
                    case NfTables.NFTA_SET_ELEM_KEY: key = ReadKey(part.Nested); break;
                    case NfTables.NFTA_SET_ELEM_KEY_END: keyEnd = ReadKey(part.Nested); break;
                    case NfTables.NFTA_SET_ELEM_FLAGS: end = (part.U32Be & NfTables.NFT_SET_ELEM_INTERVAL_END) != 0; break;
                    case NfTables.NFTA_SET_ELEM_DATA: verdict = NftImmediate.ReadVerdict(part.Nested); break;
                    default: break;
                }
            }
            if (set is { Interval: true, IsConcat: false }) bounds.Add(new NftRanges.Bound(key, end));
            else elements.Add(new NftElement(key, keyEnd, verdict));
        }
    }

    private static ImmutableArray<NftType> Types(uint packed)
    {
        var types = new List<NftType>();
        for (; packed != 0; packed >>= TypeBits)
        {
            if (NftType.Find(packed & ((1 << TypeBits) - 1)) is not { } type) return [];
            types.Insert(0, type);
        }
        return [.. types];
    }

    private static void WriteKey(NetlinkWriter writer, ushort attribute, NftValue key)
    {
        int nest = writer.BeginNested(attribute);
        writer.Attribute(NfTables.NFTA_DATA_VALUE, key.Bytes);
        writer.EndNested(nest);
    }

    private static NftValue ReadKey(NetlinkAttributes nest)
    {
        while (nest.TryNext(out var part))
        {
            if (part.Type == NfTables.NFTA_DATA_VALUE) return new NftValue(part.Value.ToArray());
        }
        return default;
    }
}
