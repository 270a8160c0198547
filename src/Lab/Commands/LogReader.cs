namespace Margay.Lab.Commands;

/// <summary>Prints a log file, and goes on with what is added to it.</summary>
internal static class LogReader
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>The lines; only the last ones when a number is given.</summary>
    public static IReadOnlyList<string> Lines(string path, int? tail)
    {
        if (!File.Exists(path)) return [];
        string[] lines = File.ReadAllLines(path);
        return tail is { } count && count < lines.Length ? lines[^count..] : lines;
    }

    /// <summary>Prints what comes until it is stopped.</summary>
    public static async Task FollowAsync(string path, int? tail, TextWriter writer, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        string[] lines = (await reader.ReadToEndAsync(stop)).Split('\n');
        await writer.WriteAsync(string.Join('\n', tail is { } count && count + 1 < lines.Length ? lines[^(count + 1)..] : lines));
        using var timer = new PeriodicTimer(Look);
        do
        {
            await writer.WriteAsync(await reader.ReadToEndAsync(stop));
            await writer.FlushAsync(stop);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
