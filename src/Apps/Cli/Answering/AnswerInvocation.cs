namespace Margay.Cli.Answering;

/// <summary>Runs a command whose exit code is an answer: stopping it by Ctrl-C is no answer, and must not look like a good one.</summary>
internal static class AnswerInvocation
{
    public static Task<int> RunAsync(Func<Task<int>> work, CancellationToken stop) => Invocation.RunAsync(
        async () =>
        {
            try
            {
                return await work();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                Console.Error.WriteLine("Stopped; no answer.");
                return 1;
            }
        },
        stop);
}
