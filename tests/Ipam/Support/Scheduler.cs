using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Ipam.Tests.Support;

/// <summary>Thrown out of a datastore request when its process dies there.</summary>
internal sealed class ProcessDied : Exception;

/// <summary>
/// Runs processes one datastore request at a time, in an order that a seed decides. A process can be made to die at any
/// of its writes: before it is stored, after, or with the write still on its way, to be stored at some later time.
/// Whoever gets the exception may also live on, as one whose connection broke. Everything runs on the calling thread, so a seed repeats exactly.
/// </summary>
internal sealed class Scheduler(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Pending> _pending = [];
    private readonly List<Action> _late = [];

    public enum Death { None, BeforeWrite, AfterWrite, WriteStillUnderWay }

    /// <summary>Decides the fate of a process at one of its writes.</summary>
    public Func<string, int, Death> Fate { get; set; } = (_, _) => Death.None;

    /// <summary>The processes that have had a write stored later than they knew.</summary>
    public HashSet<string> Overtaken { get; } = [];

    /// <summary>Called after each request.</summary>
    public Action AfterStep { get; set; } = () => { };

    public int Next(int below) => _random.Next(below);

    public int Steps { get; private set; }

    /// <summary>How many requests were made, answered or not.</summary>
    public int Requests { get; private set; }

    /// <summary>Runs the processes to their ends.</summary>
    public void Run(IEnumerable<Func<Task>> processes)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);   // so that continuations run inside the step that causes them
        try
        {
            List<Task> running = [.. processes.Select(p => p())];
            while (_pending.Count > 0)
            {
                if (_late.Count > 0 && _random.Next(3) == 0)
                {
                    int which = _random.Next(_late.Count);
                    var write = _late[which];
                    _late.RemoveAt(which);
                    write();
                    AfterStep();
                    continue;
                }
                int index = _random.Next(_pending.Count);
                var next = _pending[index];
                _pending.RemoveAt(index);
                Steps++;
                next.Run();
                AfterStep();
            }
            foreach (var write in _late) write();
            _late.Clear();
            AfterStep();
            foreach (var task in running) task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>The datastore as this process sees it.</summary>
    public IIpamStore Connect(string process, IIpamStore store) => new Connection(process, store, this);

    private sealed record Pending(Action Run);

    private ValueTask<T> Turn<T>(string process, Func<int>? countWrite, Func<ValueTask<T>> request)
    {
        var reply = new TaskCompletionSource<T>();
        Requests++;
        _pending.Add(new Pending(() =>
        {
            var death = countWrite is null ? Death.None : Fate(process, countWrite());
            switch (death)
            {
                case Death.None:
                    reply.SetResult(Now(request));
                    break;
                case Death.WriteStillUnderWay:
                    _late.Add(() => Now(request));
                    Overtaken.Add(process);
                    reply.SetException(new ProcessDied());
                    break;
                default:
                    if (death == Death.AfterWrite) Now(request);
                    reply.SetException(new ProcessDied());
                    break;
            }
        }));
        return new ValueTask<T>(reply.Task);
    }

    // The store in memory answers at once.
    private static T Now<T>(Func<ValueTask<T>> request) => request().AsTask().GetAwaiter().GetResult();

    private sealed class Connection(string process, IIpamStore store, Scheduler scheduler) : IIpamStore
    {
        private int _writes;

        public ValueTask<T?> GetAsync<T>(string name, CancellationToken stop) where T : Resource, new() =>
            scheduler.Turn(process, null, () => store.GetAsync<T>(name, stop));

        public ValueTask<IReadOnlyList<T>> ListAsync<T>((string Label, string Value)? only, CancellationToken stop) where T : Resource, new() =>
            scheduler.Turn(process, null, () => store.ListAsync<T>(only, stop));

        public ValueTask<Written<T>> CreateAsync<T>(T value, CancellationToken stop) where T : Resource, new() =>
            scheduler.Turn(process, () => _writes++, () => store.CreateAsync(value, stop));

        public ValueTask<Written<T>> UpdateAsync<T>(T value, CancellationToken stop) where T : Resource, new() =>
            scheduler.Turn(process, () => _writes++, () => store.UpdateAsync(value, stop));

        public ValueTask<WriteStatus> DeleteAsync<T>(T value, CancellationToken stop) where T : Resource, new() =>
            scheduler.Turn(process, () => _writes++, () => store.DeleteAsync(value, stop));
    }
}
