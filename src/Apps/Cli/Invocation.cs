using System.CommandLine;
using Margay.Answers;
using Margay.Model.Datastore;

namespace Margay.Cli;

/// <summary>What every command does around its work: connect, print failures, choose the exit code.</summary>
internal static class Invocation
{
    /// <summary>Runs a command that needs the API server.</summary>
    public static Task<int> RunAsync(ParseResult parsed, Func<ApiConnection, Task<int>> work, CancellationToken stop) =>
        RunAsync(async () =>
        {
            using var api = Connections.Open(parsed);
            return await work(api);
        }, stop);

    /// <summary>Runs a command that needs nothing.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> work, CancellationToken stop)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (failure is CliException or ApiFailure or AnswerException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
        catch (ApiException refusal)
        {
            Console.Error.WriteLine($"Error from server ({refusal.Status.Reason}): {refusal.Message}");
            return 1;
        }
        catch (HttpRequestException cause)
        {
            Console.Error.WriteLine($"The API server cannot be reached: {cause.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C ends a watch; that is how people end watches.
            return 0;
        }
    }

    /// <summary>Does the work for every item, prints each failure, and goes on: what can succeed does. 1 when any failed.</summary>
    public static async Task<int> ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> work)
    {
        int code = 0;
        foreach (var item in items)
        {
            try
            {
                await work(item);
            }
            catch (Exception failure) when (failure is CliException or ApiFailure)
            {
                Console.Error.WriteLine(failure.Message);
                code = 1;
            }
        }
        return code;
    }
}
