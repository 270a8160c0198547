using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>nf_tables of the network namespace that the socket belongs to.</summary>
public sealed class KernelNftables : INftables, IDisposable
{
    private const int ReadAttempts = 3;

    private readonly NetlinkSocket _socket;
    private readonly NetlinkWriter _writer = new(64 * 1024);
    private readonly Lock _turn = new();

    /// <summary>Takes over the socket, which speaks <see cref="NetlinkProtocol.NETLINK_NETFILTER"/>.</summary>
    public KernelNftables(NetlinkSocket socket) => _socket = socket;

    /// <summary>Opens a socket in the caller's network namespace.</summary>
    public static KernelNftables Open() => new(NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER));

    /// <summary>Opens a socket in the network namespace at <paramref name="path"/>.</summary>
    public static KernelNftables OpenIn(string path) => new(NetlinkSocket.OpenIn(path, NetlinkProtocol.NETLINK_NETFILTER));

    /// <inheritdoc/>
    public void Commit(NftTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.IsEmpty) return;
        lock (_turn)
        {
            var encoder = new NftEncoder(_writer, transaction);
            encoder.Encode();
            try
            {
                _socket.Request(_writer, $"nft transaction on {transaction.Table}");
            }
            catch (NetlinkException refusal)
            {
                throw Explain(refusal, transaction, encoder);
            }
            finally
            {
                _writer.Clear();
            }
        }
    }

    /// <inheritdoc/>
    public NftTableState? Read(NftTableId table)
    {
        lock (_turn)
        {
            var reader = new NftReader(_socket, _writer, table);
            NftTableState? state = null;
            // A change in between makes the dumps disagree; another program that never stops is left to the next resync.
            for (int i = 0; i < ReadAttempts; i++)
            {
                uint generation = reader.Generation();
                state = reader.Table();
                if (reader.Generation() == generation) break;
            }
            return state;
        }
    }

    /// <inheritdoc/>
    public List<NftRule> ReadRules(NftTableId table, string chain)
    {
        lock (_turn)
        {
            return new NftReader(_socket, _writer, table).Rules(chain);
        }
    }

    /// <summary>The generation of the namespace's ruleset: it rises with every transaction of anybody.</summary>
    public uint ReadGeneration()
    {
        lock (_turn)
        {
            return new NftReader(_socket, _writer, default).Generation();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _writer.Dispose();
    }

    private static NetlinkException Explain(NetlinkException refusal, NftTransaction transaction, NftEncoder encoder)
    {
        int message = refusal.MessageIndex;
        int operation = message >= 0 && message < encoder.OperationOfMessage.Count ? encoder.OperationOfMessage[message] : -1;
        if (operation < 0) return refusal;
        string text = transaction.Print(transaction.Operations[operation]);
        return new NetlinkException(refusal.Errno, text.Length > 400 ? text[..400] + "..." : text, refusal.Detail, operation);
    }
}
