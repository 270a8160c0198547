using System.Diagnostics;
using System.Globalization;

namespace Margay.Cli.Answering;

/// <summary>Says on standard error what a long answer is doing: one line that is written over, and only on a terminal.</summary>
internal sealed class Progress : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private int _width;

    /// <summary>Shows what is being done now.</summary>
    public void Report(string what)
    {
        if (!_terminal) return;
        string text = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_start).TotalSeconds:F1} s {what}");
        Console.Error.Write($"\r{text.PadRight(_width)}");
        _width = text.Length;
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_terminal && _width > 0) Console.Error.Write($"\r{new string(' ', _width)}\r");
    }
}
