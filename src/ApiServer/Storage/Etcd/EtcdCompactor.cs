using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Margay.ApiServer.Storage.Etcd.Wire;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>
/// Removes old history, once an interval however many servers there are: all try to write the same key in the version they
/// know, and who succeeds removes. It removes up to where it was one interval ago, so history is kept for one to two.
/// </summary>
internal sealed class EtcdCompactor(EtcdClient etcd, EtcdKeys keys, RevisionedState state, TimeSpan interval, TimeProvider time, ILogger logger)
{
    private long _version;
    private long _revision;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (interval <= TimeSpan.Zero) return;
        while (true)
        {
            try
            {
                await Task.Delay(interval, time, stop);
                await TryAsync(stop);
            }
            catch (RpcException e)
            {
                logger.CompactionFailed(EtcdFailures.Explain(e), e);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One attempt.</summary>
    /// <returns>The revision up to which history was removed; null when it was another server's turn or there is nothing.</returns>
    public async Task<long?> TryAsync(CancellationToken stop)
    {
        // As it is before the announcement, which may be back before the answer.
        long upTo = _revision, now = state.Current.Revision, compacted = state.Compacted;
        TxnRequest turn = Turn(_version, Math.Max(upTo, compacted));
        TxnResponse answer = await etcd.WriteAsync("compact", "", (kv, call) => kv.TxnAsync(turn, call), stop);
        _revision = now;
        if (!answer.Succeeded)
        {
            _version = answer.Responses[0].ResponseRange.Kvs is [var there] ? there.Version : 0;
            return null;
        }
        _version++;
        if (upTo <= compacted) return null;
        try
        {
            await etcd.ReadAsync("compact", "", (kv, call) => kv.CompactAsync(new CompactionRequest { Revision = upTo }, call), stop);
        }
        catch (RpcException e) when (EtcdFailures.IsCompacted(e))
        {
            // Somebody has removed more than that.
        }
        logger.Compacted(upTo);
        return upTo;
    }

    private TxnRequest Turn(long version, long upTo) => new()
    {
        Compare = { new Compare { Key = keys.Compaction, Target = Compare.Types.CompareTarget.Version, Result = Compare.Types.CompareResult.Equal, Version = version } },
        Success = { new RequestOp { RequestPut = new PutRequest { Key = keys.Compaction, Value = ByteString.CopyFromUtf8(upTo.ToString(CultureInfo.InvariantCulture)) } } },
        Failure = { new RequestOp { RequestRange = new RangeRequest { Key = keys.Compaction } } },
    };
}
