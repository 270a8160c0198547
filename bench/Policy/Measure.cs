using System.Diagnostics;
using System.Globalization;

namespace Margay.Bench.Policy;

/// <summary>Time and memory of this process, as the kernel counts them.</summary>
internal static class Measure
{
    /// <summary>Wall and processor milliseconds of an action; the processor's do not count what other programs took.</summary>
    public static (double Wall, double Cpu) Time(Action action)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        action();
        double wall = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return (wall, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }

    /// <summary>The largest resident set so far, in MiB.</summary>
    public static double PeakMiB()
    {
        foreach (string line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                return double.Parse(line.AsSpan(6, line.Length - 9), NumberStyles.Any, CultureInfo.InvariantCulture) / 1024;
        return double.NaN;
    }

    /// <summary>The live heap after a full collection, in bytes.</summary>
    public static long LiveHeap()
    {
        for (int i = 0; i < 2; i++) GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(true);
    }

    /// <summary>
    /// Nanoseconds for each of many operations: the smallest of several rounds, since nothing makes a round faster than it is,
    /// and bytes allocated for each. Rounds long enough for it are measured in time of the processor.
    /// </summary>
    public static (double Ns, double Bytes) Each(int count, Action<int> operation, int rounds = 5)
    {
        double best = double.MaxValue, bytes = double.MaxValue;
        int next = 0;
        for (int round = 0; round < rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var cpu = Environment.CpuUsage.TotalTime;
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++) operation(next++);
            var taken = Stopwatch.GetElapsedTime(began);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            if (cpu > TimeSpan.FromMilliseconds(5) && cpu < taken) taken = cpu;
            best = Math.Min(best, taken.TotalNanoseconds / count);
            bytes = Math.Min(bytes, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count);
        }
        return (best, bytes);
    }
}
