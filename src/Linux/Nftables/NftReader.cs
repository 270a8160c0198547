using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;

namespace Margay.Linux.Nftables;

/// <summary>Reads a table back.</summary>
internal sealed class NftReader(NetlinkSocket socket, NetlinkWriter writer, NftTableId table)
{
    internal uint Generation()
    {
        uint generation = 0;
        Ask(NfTables.NFT_MSG_GETGEN, NetlinkProtocol.NLM_F_ACK, 0);
        socket.Request(writer, "read the nft generation", (in NetlinkMessage message) =>
        {
            var attributes = message.Attributes<NfGenMessage>();
            while (attributes.TryNext(out var part))
            {
                if (part.Type == NfTables.NFTA_GEN_ID) generation = part.U32Be;
            }
        });
        return generation;
    }

    internal NftTableState? Table()
    {
        if (!Exists()) return null;
        var state = new NftTableState();
        foreach (var chain in Chains()) state.Chains[chain.Name] = new NftChainState(chain, []);
        foreach (var (chain, rule) in AllRules(null))
        {
            if (state.Chains.TryGetValue(chain, out var known)) known.Rules.Add(rule);
        }
        foreach (var set in Sets(state.ForeignSets)) state.Sets[set.Name] = new NftSetState(set, Elements(set));
        return state;
    }

    internal List<NftRule> Rules(string chain) => AllRules(chain).ConvertAll(static entry => entry.Rule);

    private bool Exists()
    {
        Ask(NfTables.NFT_MSG_GETTABLE, NetlinkProtocol.NLM_F_ACK, NfTables.NFTA_TABLE_NAME);
        try
        {
            socket.Request(writer, $"read table {table}");
            return true;
        }
        catch (NetlinkException refusal) when (refusal.Errno == Errno.ENOENT)
        {
            return false;
        }
    }

    private List<NftChain> Chains()
    {
        Ask(NfTables.NFT_MSG_GETCHAIN, NetlinkProtocol.NLM_F_DUMP, 0);
        return socket.DumpAll(writer, $"list chains of {table}", (in NetlinkMessage message) => NftChainCodec.Read(message.Attributes<NfGenMessage>(), table.Name));
    }

    private List<RuleOfChain> AllRules(string? chain)
    {
        Begin(NfTables.NFT_MSG_GETRULE, NetlinkProtocol.NLM_F_DUMP);
        writer.Text(NfTables.NFTA_RULE_TABLE, table.Name);
        if (chain is not null) writer.Text(NfTables.NFTA_RULE_CHAIN, chain);
        writer.EndMessage();
        return socket.DumpAll(writer, $"list rules of {table}", (in NetlinkMessage message) => ReadRule(message.Attributes<NfGenMessage>()));
    }

    private List<NftSet> Sets(List<string> foreign)
    {
        Ask(NfTables.NFT_MSG_GETSET, NetlinkProtocol.NLM_F_DUMP, NfTables.NFTA_SET_TABLE);
        return socket.DumpAll(writer, $"list sets of {table}", (in NetlinkMessage message) =>
        {
            var set = NftSetCodec.Read(message.Attributes<NfGenMessage>(), table.Name, out string? other);
            // The kernel names anonymous sets __set%d and __map%d; they come and go with their rule.
            if (other is not null && !other.StartsWith("__", StringComparison.Ordinal)) foreign.Add(other);
            return set;
        });
    }

    private List<NftElement> Elements(NftSet set)
    {
        Begin(NfTables.NFT_MSG_GETSETELEM, NetlinkProtocol.NLM_F_DUMP);
        writer.Text(NfTables.NFTA_SET_ELEM_LIST_TABLE, table.Name);
        writer.Text(NfTables.NFTA_SET_ELEM_LIST_SET, set.Name);
        writer.EndMessage();
        var elements = new List<NftElement>();
        var bounds = new List<NftRanges.Bound>();
        socket.Dump(
            writer,
            $"list elements of {table} {set.Name}",
            (in NetlinkMessage message) =>
            {
                var attributes = message.Attributes<NfGenMessage>();
                while (attributes.TryNext(out var part))
                {
                    if (part.Type == NfTables.NFTA_SET_ELEM_LIST_ELEMENTS) NftSetCodec.ReadElements(part.Nested, set, elements, bounds);
                }
            },
            () =>
            {
                elements.Clear();
                bounds.Clear();
            });
        return set is { Interval: true, IsConcat: false } ? NftRanges.Pair(bounds) : elements;
    }

    private static RuleOfChain ReadRule(NetlinkAttributes attributes)
    {
        string chain = "";
        ulong handle = 0;
        string? comment = null;
        List<NftExpression> expressions = [];
        while (attributes.TryNext(out var part))
        {
            switch (part.Type)
            {
                case NfTables.NFTA_RULE_CHAIN: chain = part.Text; break;
                case NfTables.NFTA_RULE_HANDLE: handle = part.U64Be; break;
                case NfTables.NFTA_RULE_USERDATA: comment = NftUserData.ReadComment(part.Value, NfTables.NFTNL_UDATA_RULE_COMMENT); break;
                case NfTables.NFTA_RULE_EXPRESSIONS: expressions = NftExpressionReader.ReadList(part.Nested); break;
                default: break;
            }
        }
        return new RuleOfChain(chain, new NftRule([.. expressions], comment, handle));
    }

    private void Ask(byte message, ushort flags, ushort tableAttribute)
    {
        Begin(message, flags);
        if (tableAttribute != 0) writer.Text(tableAttribute, table.Name);
        writer.EndMessage();
    }

    private void Begin(byte message, ushort flags)
    {
        writer.Clear();
        writer.BeginMessage((ushort)((NfTables.NFNL_SUBSYS_NFTABLES << 8) | message), flags);
        writer.Header(new NfGenMessage((byte)table.Family));
    }

    private sealed record RuleOfChain(string Chain, NftRule Rule);
}
