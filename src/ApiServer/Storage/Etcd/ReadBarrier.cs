using Grpc.Core;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>
/// Makes reads from memory as good as reads from the quorum: asks etcd for its newest revision and waits until memory is
/// there. Whoever comes while it is being asked shares the next question, so the cost is that of one small read at a time,
/// however many readers there are. When the revision is somebody else's, who uses the same etcd, no change of ours will ever
/// show that memory is there; then a write of our own does.
/// </summary>
internal sealed class ReadBarrier(EtcdClient etcd, EtcdKeys keys, EtcdLoader loader, RevisionedState state, EtcdHealth health, EtcdOptions options, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;
    private bool _asking;

    /// <summary>Ends when everything that was committed before the call is in memory.</summary>
    /// <exception cref="StorageUnavailableException">etcd does not answer, or its changes do not arrive.</exception>
    public Task PassAsync(CancellationToken stop)
    {
        TaskCompletionSource turn;
        bool begin;
        lock (_gate)
        {
            turn = _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            begin = !_asking;
            _asking = true;
        }
        if (begin) _ = AskAsync();
        return turn.Task.WaitAsync(stop);
    }

    private async Task AskAsync()
    {
        while (true)
        {
            TaskCompletionSource turn;
            lock (_gate)
            {
                if (_next is null)
                {
                    _asking = false;
                    return;
                }
                (turn, _next) = (_next, null);
            }
            try
            {
                await ReachAsync();
                health.Answered();
                turn.SetResult();
            }
            catch (RpcException e)
            {
                health.Failed(EtcdFailures.Explain(e), e);
                turn.SetException(new StorageUnavailableException(EtcdFailures.Explain(e), e));
            }
            catch (Exception e)
            {
                turn.SetException(e);
            }
        }
    }

    private async Task ReachAsync()
    {
        if (health.IsFinal) throw new StorageUnavailableException(health.Trouble!);
        long before = state.Current.Revision;
        var request = new RangeRequest { Key = keys.Beat, CountOnly = true };
        long newest = (await etcd.ReadAsync("barrier", "", (kv, call) => kv.RangeAsync(request, call), CancellationToken.None)).Header.Revision;
        if (newest < before) throw Lost(before, newest);
        if (await ArrivedAsync(newest, options.ProofDelay)) return;
        long ours = await loader.BeatAsync(CancellationToken.None);
        if (!await ArrivedAsync(ours, Limit)) throw new StorageUnavailableException($"the changes up to revision {ours} do not arrive from etcd");
    }

    private async Task<bool> ArrivedAsync(long revision, TimeSpan within)
    {
        Task arrived = state.Revisions.Reach(revision);
        if (arrived.IsCompleted) return true;
        using var enough = new CancellationTokenSource();
        Task first = await Task.WhenAny(arrived, Task.Delay(within, time, enough.Token));
        await enough.CancelAsync();
        return first == arrived;
    }

    /// <summary>Only a restored backup makes revisions fall. Memory has changes then that never happened.</summary>
    private StorageUnavailableException Lost(long before, long newest)
    {
        string reason = $"etcd is at revision {newest}, but was at {before}: an older state was restored into it";
        health.Lost(reason);
        state.Compacted = long.MaxValue;
        state.Signals.RaiseAll();
        return new StorageUnavailableException(reason);
    }
}
