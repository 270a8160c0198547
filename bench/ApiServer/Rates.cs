using System.Diagnostics;

namespace Margay.Bench.ApiServer;

/// <summary>How often something can be done.</summary>
internal static class Rates
{
    /// <summary>Does it with so many at once for about two seconds, or until a count is reached; times a second.</summary>
    public static async Task<double> MeasureAsync(int workers, Func<int, Task> step, int most = int.MaxValue)
    {
        int next = 0, done = 0;
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            while (most < int.MaxValue || Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(2))
            {
                int number = Interlocked.Increment(ref next) - 1;
                if (number >= most) return;
                await step(number);
                Interlocked.Increment(ref done);
            }
        })));
        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public static double Percentile(List<double> values, double part)
    {
        values.Sort();
        return values[(int)Math.Min(values.Count - 1, values.Count * part)];
    }
}
