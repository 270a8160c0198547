using System.Globalization;

namespace Margay.ApiServer.Tables;

/// <summary>What cells need besides the object.</summary>
/// <param name="Now">The time for which ages are told.</param>
internal readonly record struct CellContext(DateTimeOffset Now)
{
    /// <summary>The time since an RFC 3339 time as people read it, or <c>&lt;unknown&gt;</c>.</summary>
    public string Since(string time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then)
            ? HumanDuration.Of(Now - then)
            : "<unknown>";
}
