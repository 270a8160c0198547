using System.Collections.Concurrent;
using Margay.Cni.Protocol;
using Margay.Cni.Server;
using Margay.Cni.Wiring;

namespace Margay.Cni.Tests.Harness;

/// <summary>A backend that remembers calls, and answers or waits as a test wants.</summary>
internal sealed class RecordingBackend : ICniBackend
{
    private int _inside;

    public ConcurrentQueue<string> Calls { get; } = new();

    public Func<CniCall, CancellationToken, Task>? Before { get; set; }

    public CniOutcome Answer { get; set; } = CniOutcome.Done;

    public IReadOnlySet<AttachmentMark>? Valid { get; private set; }

    public int MostAtOnce { get; private set; }

    public ValueTask<CniOutcome> AddAsync(CniCall call, CancellationToken stop) => ServeAsync(call, stop);

    public ValueTask<CniOutcome> DelAsync(CniCall call, CancellationToken stop) => ServeAsync(call, stop);

    public ValueTask<CniOutcome> CheckAsync(CniCall call, CancellationToken stop) => ServeAsync(call, stop);

    public ValueTask<CniOutcome> GcAsync(CniCall call, IReadOnlySet<AttachmentMark> valid, CancellationToken stop)
    {
        Valid = valid;
        return ServeAsync(call, stop);
    }

    public ValueTask<CniOutcome> StatusAsync(CniCall call, CancellationToken stop) => ServeAsync(call, stop);

    private async ValueTask<CniOutcome> ServeAsync(CniCall call, CancellationToken stop)
    {
        int inside = Interlocked.Increment(ref _inside);
        lock (Calls) MostAtOnce = Math.Max(MostAtOnce, inside);
        try
        {
            if (Before is { } before) await before(call, stop);
            Calls.Enqueue($"{call.Verb.ToWord()} {call.ContainerId}".Trim());
            return Answer;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
