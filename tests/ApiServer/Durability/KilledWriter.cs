using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Durability;

/// <summary>
/// Writes to objects of its own and remembers what was acknowledged. A write whose answer was lost may have happened or
/// not; everything else must be exactly as acknowledged.
/// </summary>
internal sealed class KilledWriter(ApiClient api, string collection, int number, Func<Task> serving, Action acknowledged)
{
    private const int Objects = 4;
    private readonly Random _random = new(number);
    private readonly State[] _known = new State[Objects];
    private readonly State?[] _inDoubt = new State?[Objects];
    private int _counter;

    /// <summary>The newest version that was acknowledged to this writer.</summary>
    public long NewestVersion { get; private set; }

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await serving();
            int which = _random.Next(Objects);
            if (_inDoubt[which] is not null && !await SettleAsync(which)) continue;
            State next = Next(_known[which]);
            _inDoubt[which] = next;
            if (await WriteAsync(which, next) is not { } version) continue;
            Assert.True(version > NewestVersion, $"version {version} was acknowledged after {NewestVersion}");
            NewestVersion = version;
            (_known[which], _inDoubt[which]) = (next with { Version = version }, null);
            acknowledged();
        }
    }

    /// <summary>Checks everything this writer knows against what is there.</summary>
    public async Task VerifyAsync()
    {
        for (int which = 0; which < Objects; which++)
        {
            Assert.True(await SettleAsync(which));
            Assert.Equal(_known[which].Value, (await ReadAsync(which))!.Value.Value);
        }
    }

    private State Next(State now) => now.Exists && _random.Next(4) == 0 ? default : new State(true, 0, ++_counter);

    /// <summary>Finds out what became of a write without an answer.</summary>
    private async Task<bool> SettleAsync(int which)
    {
        if (await ReadAsync(which) is not { } found) return false;
        bool asAcknowledged = found.Exists == _known[which].Exists && found.Value == _known[which].Value;
        bool asInDoubt = _inDoubt[which] is { } doubt && found.Exists == doubt.Exists && found.Value == doubt.Value;
        Assert.True(asAcknowledged || asInDoubt, $"object {which} of writer {number} is {found}, acknowledged was {_known[which]}, in doubt {_inDoubt[which]}");
        if (asAcknowledged && !asInDoubt && found.Exists) Assert.Equal(_known[which].Version, found.Version);
        (_known[which], _inDoubt[which]) = (found, null);
        return true;
    }

    private async Task<long?> WriteAsync(int which, State next)
    {
        State now = _known[which];
        string path = $"{collection}/{Name(which)}";
        string body = $$$$"""{"metadata":{"name":"{{{{Name(which)}}}}"{{{{(now.Exists ? $",\"resourceVersion\":\"{now.Version}\"" : "")}}}}},"data":{"n":"{{{{next.Value}}}}"}}""";
        Answer? answer = await TryAsync(() => next.Exists switch
        {
            false => api.DeleteAsync(path, $$$$"""{"preconditions":{"resourceVersion":"{{{{now.Version}}}}"}}"""),
            true when now.Exists => api.PutAsync(path, body),
            true => api.PostAsync(collection, body),
        });
        if (answer is null) return null;
        answer.Expect(next.Exists && !now.Exists ? 201 : 200);
        // A deletion's answer does not tell its version; the next write's must be newer all the same.
        return next.Exists ? long.Parse(answer.Version) : NewestVersion + 1;
    }

    private async Task<State?> ReadAsync(int which)
    {
        Answer? answer = await TryAsync(() => api.GetAsync($"{collection}/{Name(which)}"));
        if (answer is null) return null;
        if (answer.Code == 404) return default(State);
        JsonNode value = answer.Expect(200).Json["data"]!["n"]!;
        return new State(true, long.Parse(answer.Version), int.Parse((string)value!));
    }

    private string Name(int which) => $"w{number}-{which}";

    private static async Task<Answer?> TryAsync(Func<Task<Answer>> call)
    {
        try
        {
            Answer answer = await call();
            // The storage could not say what became of it.
            return answer.Code == 503 ? null : answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private readonly record struct State(bool Exists, long Version, int Value);
}
