using System.Globalization;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>What the cells of one row need besides the object.</summary>
/// <param name="now">The time for which ages are told.</param>
internal sealed class CellContext(DateTimeOffset now)
{
    private PodStatus? _pod;

    /// <summary>How a pod is; several cells tell a part of it, and it is worked out once.</summary>
    public PodStatus Pod(JsonObject pod) => _pod ??= new PodStatus(pod);

    /// <summary>The time since an RFC 3339 time as people read it, or <c>&lt;unknown&gt;</c>.</summary>
    public string Since(string time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then)
            ? HumanDuration.Of(now - then)
            : "<unknown>";
}
