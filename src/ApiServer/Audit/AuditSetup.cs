using Margay.ApiServer.Hosting;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Audit;

/// <summary>Puts the audit log together as the options ask for it.</summary>
internal static class AuditSetup
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>The log that is asked for; null when none is.</summary>
    /// <exception cref="StartException">The options, the policy or the file are wrong.</exception>
    public static AuditLog? OpenLog(AuditOptions options, Action<bool> counted, TimeProvider time, ILogger logger)
    {
        if (options is { PolicyFile: not null, LogPath: null })
            throw new StartException("--audit-policy-file says what is recorded, and nothing says where: give --audit-log-path, too");
        if (options.LogPath is not { } path) return null;
        if (options.MaxSize < 1) throw new StartException($"--audit-log-maxsize {options.MaxSize}: expected 1 MiB or more");
        if (options.MaxBackup < 0 || options.MaxAge < 0) throw new StartException("--audit-log-maxbackup and --audit-log-maxage: expected 0 or more");
        try
        {
            return new AuditLog(path == "-" ? null : new AuditFiles(
                path, options.MaxSize * Mebibyte, options.MaxBackup, TimeSpan.FromDays(options.MaxAge), time), counted, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--audit-log-path {path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Reads the policy; without a file every request is recorded, and no body.</summary>
    /// <exception cref="StartException">It cannot be read or is no policy.</exception>
    public static AuditPolicy ReadPolicy(AuditOptions options)
    {
        try
        {
            return options.PolicyFile is { } file ? AuditPolicy.Read(file) : AuditPolicy.WithoutBodies;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartException($"--audit-policy-file cannot be read: {e.Message}", e);
        }
    }
}
