using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Writes a transaction as one netlink batch: begin, messages, end.</summary>
internal sealed class NftEncoder(NetlinkWriter writer, NftTransaction transaction)
{
    // A nest's length field has 16 bits: elements are spread over several messages.
    private const int MaxElementBytes = 32 * 1024;

    private readonly List<int> _operationOfMessage = [];
    private uint _setId;

    /// <summary>Which operation each message of the batch came from; -1 for begin.</summary>
    internal IReadOnlyList<int> OperationOfMessage => _operationOfMessage;

    internal void Encode()
    {
        writer.Clear();
        Envelope(NfTables.NFNL_MSG_BATCH_BEGIN);
        int last = transaction.Operations.Count - 1;
        for (int i = 0; i <= last; i++)
        {
            Encode(transaction.Operations[i], i == last);
            while (_operationOfMessage.Count < writer.Count) _operationOfMessage.Add(i);
        }
        Envelope(NfTables.NFNL_MSG_BATCH_END);
    }

    private void Envelope(ushort type)
    {
        writer.BeginMessage(type, 0);
        writer.Header(new NfGenMessage(0, NfTables.NFNL_SUBSYS_NFTABLES));
        writer.EndMessage();
        if (type == NfTables.NFNL_MSG_BATCH_BEGIN) _operationOfMessage.Add(-1);
    }

    private void Encode(NftOperation operation, bool last)
    {
        // One acknowledgement is enough: refusals come by themselves.
        ushort ack = last ? NetlinkProtocol.NLM_F_ACK : (ushort)0;
        ushort create = (ushort)(NetlinkProtocol.NLM_F_CREATE | ack);
        switch (operation)
        {
            case NftAddTable: Named(NfTables.NFT_MSG_NEWTABLE, create, null, 0); break;
            case NftDeleteTable: Named(NfTables.NFT_MSG_DELTABLE, ack, null, 0); break;
            case NftAddChain add: AddChain(add.Chain, create); break;
            case NftDeleteChain delete: Named(NfTables.NFT_MSG_DELCHAIN, ack, delete.Name, NfTables.NFTA_CHAIN_NAME); break;
            case NftAddRule add: AddRule(add, create); break;
            case NftDeleteRule delete: DeleteRule(delete.Chain, delete.Rule.Handle, ack); break;
            case NftFlushChain flush: DeleteRule(flush.Name, 0, ack); break;
            case NftAddSet add: AddSet(add.Set, create); break;
            case NftDeleteSet delete: Named(NfTables.NFT_MSG_DELSET, ack, delete.Set.Name, NfTables.NFTA_SET_NAME); break;
            case NftAddElements add: Elements(NfTables.NFT_MSG_NEWSETELEM, NetlinkProtocol.NLM_F_CREATE, ack, add.Set, add.Elements.AsSpan(), true); break;
            case NftDeleteElements delete: Elements(NfTables.NFT_MSG_DELSETELEM, 0, ack, delete.Set, delete.Elements.AsSpan(), false); break;
            default: throw new ArgumentException($"Unknown operation {operation}.", nameof(operation));
        }
    }

    private void Begin(byte message, ushort flags)
    {
        writer.BeginMessage((ushort)((NfTables.NFNL_SUBSYS_NFTABLES << 8) | message), flags);
        writer.Header(new NfGenMessage((byte)transaction.Table.Family));
        // Attribute 1 is the table in every kind of message: NFTA_{TABLE,CHAIN,RULE,SET,SET_ELEM_LIST}_{NAME,TABLE}.
        writer.Text(NfTables.NFTA_TABLE_NAME, transaction.Table.Name);
    }

    private void Named(byte message, ushort flags, string? name, ushort attribute)
    {
        Begin(message, flags);
        if (name is not null) writer.Text(attribute, name);
        writer.EndMessage();
    }

    private void AddChain(NftChain chain, ushort flags)
    {
        Begin(NfTables.NFT_MSG_NEWCHAIN, flags);
        writer.Text(NfTables.NFTA_CHAIN_NAME, chain.Name);
        if (chain.Hook is { } hook)
        {
            int nest = writer.BeginNested(NfTables.NFTA_CHAIN_HOOK);
            writer.U32Be(NfTables.NFTA_HOOK_HOOKNUM, (uint)hook.Point);
            writer.U32Be(NfTables.NFTA_HOOK_PRIORITY, (uint)hook.Priority);
            writer.EndNested(nest);
            writer.U32Be(NfTables.NFTA_CHAIN_POLICY, (uint)(hook.Drops ? NftVerdictCode.Drop : NftVerdictCode.Accept));
            writer.Text(NfTables.NFTA_CHAIN_TYPE, hook.Type);
        }
        if (chain.Comment is not null)
            writer.Attribute(NfTables.NFTA_CHAIN_USERDATA, NftUserData.Comment(NfTables.NFTNL_UDATA_CHAIN_COMMENT, chain.Comment));
        writer.EndMessage();
    }

    private void AddRule(NftAddRule add, ushort flags)
    {
        Begin(NfTables.NFT_MSG_NEWRULE, add.Before == 0 ? (ushort)(flags | NetlinkProtocol.NLM_F_APPEND) : flags);
        writer.Text(NfTables.NFTA_RULE_CHAIN, add.Chain);
        if (add.Before != 0) writer.U64Be(NfTables.NFTA_RULE_POSITION, add.Before);
        int nest = writer.BeginNested(NfTables.NFTA_RULE_EXPRESSIONS);
        foreach (var expression in add.Rule.Expressions) expression.Write(writer);
        writer.EndNested(nest);
        if (add.Rule.Comment is { } comment)
            writer.Attribute(NfTables.NFTA_RULE_USERDATA, NftUserData.Comment(NfTables.NFTNL_UDATA_RULE_COMMENT, comment));
        writer.EndMessage();
    }

    // Without a handle the kernel removes every rule of the chain.
    private void DeleteRule(string chain, ulong handle, ushort flags)
    {
        Begin(NfTables.NFT_MSG_DELRULE, flags);
        writer.Text(NfTables.NFTA_RULE_CHAIN, chain);
        if (handle != 0) writer.U64Be(NfTables.NFTA_RULE_HANDLE, handle);
        writer.EndMessage();
    }

    private void AddSet(NftSet set, ushort flags)
    {
        Begin(NfTables.NFT_MSG_NEWSET, flags);
        writer.Text(NfTables.NFTA_SET_NAME, set.Name);
        writer.U32Be(NfTables.NFTA_SET_FLAGS, NftSetCodec.Flags(set));
        writer.U32Be(NfTables.NFTA_SET_KEY_TYPE, NftSetCodec.KeyType(set));
        writer.U32Be(NfTables.NFTA_SET_KEY_LEN, (uint)set.KeyLength);
        if (set.VerdictMap)
        {
            writer.U32Be(NfTables.NFTA_SET_DATA_TYPE, NfTables.NFT_DATA_VERDICT);
            writer.U32Be(NfTables.NFTA_SET_DATA_LEN, 16);
        }
        if (set is { IsConcat: true, Interval: true }) Fields(set);
        writer.U32Be(NfTables.NFTA_SET_ID, ++_setId);
        writer.Attribute(NfTables.NFTA_SET_USERDATA, NftSetCodec.UserData(set));
        writer.EndMessage();
    }

    private void Fields(NftSet set)
    {
        int description = writer.BeginNested(NfTables.NFTA_SET_DESC);
        int concat = writer.BeginNested(NfTables.NFTA_SET_DESC_CONCAT);
        foreach (var field in set.Key)
        {
            int element = writer.BeginNested(NfTables.NFTA_LIST_ELEM);
            writer.U32Be(NfTables.NFTA_SET_FIELD_LEN, (uint)field.Length);
            writer.EndNested(element);
        }
        writer.EndNested(concat);
        writer.EndNested(description);
    }

    private void Elements(byte message, ushort flags, ushort ack, NftSet set, ReadOnlySpan<NftElement> elements, bool withData)
    {
        while (elements.Length > 0)
        {
            int fit = 0;
            for (int bytes = 0; fit < elements.Length && bytes < MaxElementBytes; fit++)
                bytes += 96 + elements[fit].Key.Length + elements[fit].KeyEnd.Length + (elements[fit].Verdict?.Chain?.Length ?? 0);
            Begin(message, (ushort)(flags | (fit == elements.Length ? ack : 0)));
            writer.Text(NfTables.NFTA_SET_ELEM_LIST_SET, set.Name);
            int list = writer.BeginNested(NfTables.NFTA_SET_ELEM_LIST_ELEMENTS);
            foreach (ref readonly var element in elements[..fit]) NftSetCodec.WriteElement(writer, set, in element, withData);
            writer.EndNested(list);
            writer.EndMessage();
            elements = elements[fit..];
        }
    }
}
