namespace Margay.ApiServer.Tables;

/// <summary>
/// Durations as kubectl users know them: two units at most, and only one when the second would say little. The steps are those of
/// apimachinery's <c>duration.HumanDuration</c>, because people and scripts read these columns.
/// </summary>
internal static class HumanDuration
{
    /// <summary>The duration in words of at most two units, for example <c>5m12s</c>, <c>3h</c>, <c>41d</c>.</summary>
    public static string Of(TimeSpan duration)
    {
        long seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
            return "<invalid>";
        if (seconds < 120)
            return $"{Math.Max(seconds, 0)}s";
        long minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
        if (minutes < 10)
            return Two(minutes, "m", seconds % 60, "s");
        if (minutes < 3 * 60)
            return $"{minutes}m";
        if (hours < 8)
            return Two(hours, "h", minutes % 60, "m");
        if (hours < 48)
            return $"{hours}h";
        if (days < 8)
            return Two(days, "d", hours % 24, "h");
        if (days < 2 * 365)
            return $"{days}d";
        return days < 8 * 365 ? Two(days / 365, "y", days % 365, "d") : $"{days / 365}y";
    }

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
