using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Ipam.Tests.Warm;

/// <summary>A datastore that counts requests, can be away, and can let requests wait.</summary>
internal sealed class CountingStore(IIpamStore store) : IIpamStore
{
    private int _requests;

    public int Requests { get => _requests; set => _requests = value; }

    public bool Away { get; set; }

    /// <summary>The answer of the update so many updates from now is lost, though it is made; 0 for none.</summary>
    public int LosesUpdate { get; set; }

    /// <summary>When set, every request waits for it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public ValueTask<T?> GetAsync<T>(string name, CancellationToken stop) where T : Resource, new() => Ask(() => store.GetAsync<T>(name, stop));

    public ValueTask<IReadOnlyList<T>> ListAsync<T>((string Label, string Value)? only, CancellationToken stop) where T : Resource, new() =>
        Ask(() => store.ListAsync<T>(only, stop));

    public ValueTask<Written<T>> CreateAsync<T>(T value, CancellationToken stop) where T : Resource, new() => Ask(() => store.CreateAsync(value, stop));

    public ValueTask<Written<T>> UpdateAsync<T>(T value, CancellationToken stop) where T : Resource, new() => Change(() => store.UpdateAsync(value, stop));

    public ValueTask<WriteStatus> DeleteAsync<T>(T value, CancellationToken stop) where T : Resource, new() => Ask(() => store.DeleteAsync(value, stop));

    private async ValueTask<T> Ask<T>(Func<ValueTask<T>> request)
    {
        Interlocked.Increment(ref _requests);
        if (Hold is { } hold) await hold.Task;
        if (Away) throw new HttpRequestException("the API server is away");
        return await request();
    }

    private async ValueTask<T> Change<T>(Func<ValueTask<T>> request)
    {
        T answer = await Ask(request);
        if (LosesUpdate == 0 || --LosesUpdate > 0) return answer;
        throw new HttpRequestException("the connection broke");
    }
}
