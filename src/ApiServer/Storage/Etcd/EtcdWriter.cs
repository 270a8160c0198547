using Google.Protobuf;
using Grpc.Core;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>A write as one transaction of etcd: compares, then puts or deletes, or tells what is there instead.</summary>
internal sealed class EtcdWriter(EtcdClient etcd, EtcdKeys keys, EtcdHealth health)
{
    /// <summary>Asks etcd.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be said whether the change was made.</exception>
    public async Task<EtcdOutcome> WriteAsync(StorageWrite write, CancellationToken stop)
    {
        TxnRequest transaction = Transaction(write);
        string operation = write.Value is null ? "delete" : write.ExpectedRevision == 0 ? "create" : "update";
        try
        {
            // Not given up in the middle: then nobody could say whether it was made.
            stop.ThrowIfCancellationRequested();
            TxnResponse answer = await etcd.WriteAsync(operation, EtcdKeys.TypeOf(write.Key), (kv, call) => kv.TxnAsync(transaction, call), CancellationToken.None);
            health.Answered();
            RangeResponse range = answer.Responses[^1].ResponseRange;
            return new EtcdOutcome(answer.Succeeded, answer.Header.Revision, range is { Kvs.Count: > 0 } ? range.Kvs[0] : null);
        }
        catch (RpcException e) when (EtcdFailures.IsTooLarge(e))
        {
            throw new ValueTooLargeException(write.Value?.Length ?? 0, e);
        }
        catch (RpcException e)
        {
            health.Failed(EtcdFailures.Explain(e), e);
            throw new StorageUnavailableException(EtcdFailures.Explain(e), e);
        }
    }

    private TxnRequest Transaction(StorageWrite write)
    {
        ByteString key = keys.Of(write.Key);
        var transaction = new TxnRequest { Compare = { IsAt(key, write.ExpectedRevision) } };
        foreach (StorageGuard guard in write.Guards ?? []) transaction.Compare.Add(IsAt(keys.Of(guard.Key), guard.Revision));
        if (write.Value is null)
        {
            transaction.Success.Add(new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = key } });
        }
        else
        {
            transaction.Success.Add(new RequestOp { RequestPut = new PutRequest { Key = key, Value = UnsafeByteOperations.UnsafeWrap(write.Value) } });
            // The put's answer does not tell when the key came to be.
            transaction.Success.Add(new RequestOp { RequestRange = new RangeRequest { Key = key, KeysOnly = true } });
        }
        transaction.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = key, KeysOnly = true } });
        return transaction;
    }

    private static Compare IsAt(ByteString key, long revision) => new()
    {
        Key = key, Target = Compare.Types.CompareTarget.Mod, Result = Compare.Types.CompareResult.Equal, ModRevision = revision,
    };
}

/// <summary>What became of a transaction.</summary>
/// <param name="Committed">Whether the comparisons held.</param>
/// <param name="Revision">The revision of the write, or the one at which it was refused.</param>
/// <param name="Now">The key after it, without its value; null when it is not there.</param>
internal readonly record struct EtcdOutcome(bool Committed, long Revision, KeyValue? Now);
