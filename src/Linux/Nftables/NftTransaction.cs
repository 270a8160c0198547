using System.Collections.Immutable;
using System.Text;

namespace Margay.Linux.Nftables;

/// <summary>Operations on one table that happen together or not at all.</summary>
/// <param name="table">The table.</param>
public sealed class NftTransaction(NftTableId table)
{
    private readonly List<NftOperation> _operations = [];

    /// <summary>The table.</summary>
    public NftTableId Table { get; } = table;

    /// <summary>What happens, in order.</summary>
    public IReadOnlyList<NftOperation> Operations => _operations;

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => _operations.Count == 0;

    /// <summary>Adds a step.</summary>
    public void Add(NftOperation operation) => _operations.Add(operation);

    /// <summary>Adds elements to a set; nothing for no elements.</summary>
    public void AddElements(NftSet set, ImmutableArray<NftElement> elements)
    {
        if (elements.Length > 0) Add(new NftAddElements(set, elements));
    }

    /// <summary>Removes elements from a set; nothing for no elements.</summary>
    public void DeleteElements(NftSet set, ImmutableArray<NftElement> elements)
    {
        if (elements.Length > 0) Add(new NftDeleteElements(set, elements));
    }

    /// <summary>The steps in nft's language, one per line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var operation in _operations) text.AppendLine(Print(operation));
        return text.ToString();
    }

    /// <summary>A step in nft's language.</summary>
    public string Print(NftOperation operation) => operation switch
    {
        NftAddTable => $"add table {Table}",
        NftDeleteTable => $"delete table {Table}",
        NftAddChain add => $"add chain {Table} {add.Chain}",
        NftDeleteChain delete => $"delete chain {Table} {delete.Name}",
        NftFlushChain flush => $"flush chain {Table} {flush.Name}",
        NftAddRule { Before: 0 } add => $"add rule {Table} {add.Chain} {add.Rule}",
        NftAddRule add => $"insert rule {Table} {add.Chain} handle {add.Before} {add.Rule}",
        NftDeleteRule delete => $"delete rule {Table} {delete.Chain} handle {delete.Rule.Handle}",
        NftAddSet add => $"add {(add.Set.VerdictMap ? "map" : "set")} {Table} {add.Set}",
        NftDeleteSet delete => $"delete {(delete.Set.VerdictMap ? "map" : "set")} {Table} {delete.Set.Name}",
        NftAddElements add => $"add element {Table} {add.Set.Name} {{ {Print(add.Set, add.Elements)} }}",
        NftDeleteElements delete => $"delete element {Table} {delete.Set.Name} {{ {Print(delete.Set, delete.Elements)} }}",
        _ => operation.ToString(),
    };

    private static string Print(NftSet set, ImmutableArray<NftElement> elements) =>
        string.Join(", ", elements.Select(element => element.Print(set)));
}
