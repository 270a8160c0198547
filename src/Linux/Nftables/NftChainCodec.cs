using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Chains from attributes.</summary>
internal static class NftChainCodec
{
    internal static NftChain? Read(NetlinkAttributes attributes, string table)
    {
        string ofTable = "", name = "", type = "";
        string? comment = null;
        (NftHookPoint Point, int Priority)? hook = null;
        bool drops = false;
        while (attributes.TryNext(out var part))
        {
            switch (part.Type)
            {
                case NfTables.NFTA_CHAIN_TABLE: ofTable = part.Text; break;
                case NfTables.NFTA_CHAIN_NAME: name = part.Text; break;
                case NfTables.NFTA_CHAIN_TYPE: type = part.Text; break;
                case NfTables.NFTA_CHAIN_POLICY: drops = part.U32Be != (uint)NftVerdictCode.Accept; break;
                case NfTables.NFTA_CHAIN_HOOK: hook = ReadHook(part.Nested); break;
                case NfTables.NFTA_CHAIN_USERDATA: comment = NftUserData.ReadComment(part.Value, NfTables.NFTNL_UDATA_CHAIN_COMMENT); break;
                default: break;
            }
        }
        if (ofTable != table) return null;
        return new NftChain(name, hook is { } place ? new NftHook(type, place.Point, place.Priority, drops) : null, comment);
    }

    private static (NftHookPoint Point, int Priority) ReadHook(NetlinkAttributes nest)
    {
        uint point = 0;
        int priority = 0;
        while (nest.TryNext(out var part))
        {
            if (part.Type == NfTables.NFTA_HOOK_HOOKNUM) point = part.U32Be;
            if (part.Type == NfTables.NFTA_HOOK_PRIORITY) priority = (int)part.U32Be;
        }
        return ((NftHookPoint)point, priority);
    }
}
