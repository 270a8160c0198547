using System.CommandLine;
using Margay.ApiServer.Audit;

namespace Margay.Apps.Server;

/// <summary>The flags about the audit log, which both kinds of API server have.</summary>
internal static class AuditFlags
{
    private static readonly Option<string?> Policy = new("--audit-policy-file")
    {
        Description = "What is recorded of requests: an audit.k8s.io/v1 Policy. Without it all of them are, without bodies.",
    };

    private static readonly Option<string?> Log = new("--audit-log-path") { Description = "Where audit events go, a line each; - for standard output." };

    private static readonly Option<int> Size = new("--audit-log-maxsize")
    {
        Description = "How large the audit log may grow before another is begun, in MiB.", DefaultValueFactory = _ => new AuditOptions().MaxSize,
    };

    private static readonly Option<int> Backups = new("--audit-log-maxbackup") { Description = "How many older audit logs are kept; 0 for all." };

    private static readonly Option<int> Age = new("--audit-log-maxage") { Description = "How long older audit logs are kept, in days; 0 for ever." };

    /// <summary>Adds the flags.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option flag in (Option[])[Policy, Log, Size, Backups, Age]) command.Options.Add(flag);
    }

    /// <summary>What was given.</summary>
    public static AuditOptions Read(ParseResult given) => new()
    {
        PolicyFile = given.GetValue(Policy),
        LogPath = given.GetValue(Log),
        MaxSize = given.GetValue(Size),
        MaxBackup = given.GetValue(Backups),
        MaxAge = given.GetValue(Age),
    };
}
