using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Compilation;
using Margay.Dataplane.Nftables.Programming;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables;

/// <summary>
/// The data plane that programs the table <c>inet margay</c>. What it promises, and why it is built as it is, stands in
/// <c>docs/design/nftables.md</c>. Stopping it changes nothing in the kernel.
/// </summary>
/// <param name="nft">The nf_tables of the node's network namespace.</param>
public sealed class NftablesDataplane(INftables nft) : IDataplane, IDisposable
{
    /// <summary>The only table that is ever touched.</summary>
    public static NftTableId Table { get; } = new(NftFamily.Inet, "margay");

    private readonly SemaphoreSlim _turn = new(1);
    private readonly DesiredTable _desired = new();
    // What was handed over and not yet rendered: it must survive a kernel that cannot be read just now.
    private readonly List<DataplaneUpdate> _unrendered = [];
    private TableCompiler? _compiler;
    private bool _trusted;

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(IReadOnlyList<DataplaneUpdate> updates, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(updates);
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            Apply(updates);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask ResyncAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            _trusted = false;
            Apply([]);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private void Apply(IReadOnlyList<DataplaneUpdate> updates)
    {
        _unrendered.AddRange(updates);
        // Before everything has been sent the kernel may hold more than we know of: compare as a whole until then.
        var actual = _trusted ? null : nft.Read(Table);
        bool compare = !_trusted;
        var compiler = _compiler ??= new TableCompiler(_desired) { TableExists = actual is not null };
        if (actual is not null) compiler.IpSets.Existing = actual.Sets.Keys.ToHashSet();
        // From here to the end of the transaction the recorded changes are not the kernel's: only success makes them so.
        _trusted = false;
        foreach (var update in _unrendered) compiler.Accept(update);
        _unrendered.Clear();
        compiler.Render();
        if (_desired.Changes.IsIncomplete && !compare)
        {
            compare = true;
            actual = nft.Read(Table);
        }
        var plan = compare
            ? Planner.FromTable(_desired, actual, compiler.InSync)
            : Planner.FromChanges(_desired, nft, Table);
        nft.Commit(plan.ToTransaction(Table));
        _desired.Changes.Clear();
        compiler.IpSets.Existing = new HashSet<string>();
        _trusted = compiler.InSync;
    }
}
