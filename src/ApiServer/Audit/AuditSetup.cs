using Margay.ApiServer.Hosting;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Audit;

/// <summary>Puts the audit log together as the options ask for it.</summary>
internal static class AuditSetup
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>The log that is asked for; null when none is.</summary>
    /// <exception cref="StartException">The options, the policy or the file are wrong.</exception>
    public static AuditLog? OpenLog(ApiServerOptions options, Action<bool> counted, TimeProvider time, ILogger logger)
    {
        if ((options.AuditPolicyFile is null) != (options.AuditLogPath is null))
            throw new StartException("--audit-policy-file and --audit-log-path go together: one says what is recorded, the other where");
        if (options.AuditLogPath is not { } path) return null;
        if (options.AuditLogMaxSize < 1) throw new StartException($"--audit-log-maxsize {options.AuditLogMaxSize}: expected 1 MiB or more");
        if (options.AuditLogMaxBackup < 0 || options.AuditLogMaxAge < 0) throw new StartException("--audit-log-maxbackup and --audit-log-maxage: expected 0 or more");
        try
        {
            return new AuditLog(path == "-" ? null : new AuditFiles(
                path, options.AuditLogMaxSize * Mebibyte, options.AuditLogMaxBackup, TimeSpan.FromDays(options.AuditLogMaxAge), time), counted, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--audit-log-path {path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Reads the policy.</summary>
    public static AuditPolicy ReadPolicy(ApiServerOptions options)
    {
        try
        {
            return AuditPolicy.Read(options.AuditPolicyFile!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartException($"--audit-policy-file cannot be read: {e.Message}", e);
        }
    }
}
