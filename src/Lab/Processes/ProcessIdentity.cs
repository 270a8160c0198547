using System.Globalization;

namespace Margay.Lab.Processes;

/// <summary>A process that cannot be mistaken for a later one with the same number.</summary>
/// <param name="Pid">The process number.</param>
/// <param name="StartTime">When it started, in clock ticks since boot (field 22 of proc_pid_stat(5)).</param>
internal readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>The process that has the number now; null when there is none or it has ended already.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True while the process runs.</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>Reads what <see cref="Save"/> wrote; null when there is nothing usable.</summary>
    public static ProcessIdentity? Load(string path)
    {
        if (!File.Exists(path)) return null;
        string[] parts = File.ReadAllText(path).Split(' ', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int pid)
            && ulong.TryParse(parts[1], CultureInfo.InvariantCulture, out ulong start)
            ? new ProcessIdentity(pid, start)
            : null;
    }

    /// <summary>Writes it whole or not at all.</summary>
    public void Save(string path)
    {
        File.WriteAllText(path + ".new", $"{Pid} {StartTime}\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>From the text of <c>/proc/PID/stat</c>; null for a zombie.</summary>
    internal static ProcessIdentity? Parse(int pid, string stat)
    {
        // The program's name is in parentheses and may itself contain spaces and parentheses: fields count from the last one.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[0] is "Z" or "X" ? null : new ProcessIdentity(pid, ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }
}
