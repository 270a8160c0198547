using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>
/// One step of a rule. Steps load into registers, test them, or act. Compared by content: an expression read from the kernel
/// equals the one that was written.
/// </summary>
public abstract record NftExpression
{
    /// <summary>The kernel's name for this kind of expression.</summary>
    public abstract string Name { get; }

    /// <summary>Writes the attributes of <c>NFTA_EXPR_DATA</c>.</summary>
    internal abstract void WriteData(NetlinkWriter writer);

    /// <summary>Writes the expression as a list element.</summary>
    internal void Write(NetlinkWriter writer)
    {
        int element = writer.BeginNested(NfTables.NFTA_LIST_ELEM);
        writer.Text(NfTables.NFTA_EXPR_NAME, Name);
        int data = writer.BeginNested(NfTables.NFTA_EXPR_DATA);
        WriteData(writer);
        writer.EndNested(data);
        writer.EndNested(element);
    }

    private protected static void WriteValue(NetlinkWriter writer, ushort attribute, NftValue value)
    {
        int nest = writer.BeginNested(attribute);
        writer.Attribute(NfTables.NFTA_DATA_VALUE, value.Bytes);
        writer.EndNested(nest);
    }

    private protected static NftValue ReadValue(in NetlinkAttribute attribute)
    {
        var nested = attribute.Nested;
        while (nested.TryNext(out var part))
        {
            if (part.Type == NfTables.NFTA_DATA_VALUE) return new NftValue(part.Value.ToArray());
        }
        return default;
    }
}

/// <summary>An expression of a kind, or with an option, that Margay never writes: somebody else's.</summary>
/// <param name="Kind">The kernel's name.</param>
/// <param name="Raw">Its attributes.</param>
public sealed record NftForeignExpression(string Kind, NftValue Raw) : NftExpression
{
    /// <inheritdoc/>
    public override string Name => Kind;

    internal override void WriteData(NetlinkWriter writer) =>
        throw new NotSupportedException($"A foreign expression ({Kind}) is read, never written.");
}
