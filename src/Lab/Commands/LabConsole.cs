namespace Margay.Lab.Commands;

/// <summary>Where commands print: what was asked for on one writer, progress and complaints on the other.</summary>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">Progress and complaints.</param>
public sealed record LabConsole(TextWriter Out, TextWriter Error)
{
    /// <summary>The process's own streams.</summary>
    public static LabConsole Standard => new(Console.Out, Console.Error);
}

/// <summary>A step of a longer command, and how long it took.</summary>
internal sealed record LabStep(string Name, double Seconds, string Result);

/// <summary>Shows steps as they happen: the name at once, result and duration when it is done; a failure names its step.</summary>
internal sealed class StepProgress(TextWriter writer, TimeProvider time)
{
    private readonly List<LabStep> _done = [];

    public IReadOnlyList<LabStep> Done => _done;

    public async Task<T> RunAsync<T>(string name, Func<Task<T>> step, Func<T, string> describe)
    {
        await writer.WriteAsync($"  {name,-28}");
        await writer.FlushAsync();
        long began = time.GetTimestamp();
        try
        {
            var result = await step();
            double seconds = time.GetElapsedTime(began).TotalSeconds;
            _done.Add(new LabStep(name, seconds, describe(result)));
            await writer.WriteLineAsync($"{seconds,6:0.0} s  {describe(result)}");
            return result;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await writer.WriteLineAsync($"{time.GetElapsedTime(began).TotalSeconds,6:0.0} s  FAILED");
            throw new LabException($"step \"{name}\": {failure.Message}", (failure as LabException)?.LogPath, failure);
        }
    }
}
