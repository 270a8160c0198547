using Margay.Dataplane.Contract;
using Margay.Node.Health;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Engine;

/// <summary>
/// Holds back the host endpoints of this node, which no data plane here programs yet, and says so: each in the log when it
/// comes and when it goes, their number as a metric. Their addresses are in IP sets all the same.
/// </summary>
internal sealed class UnenforcedHostEndpoints(ILogger logger)
{
    private readonly HashSet<HostEndpointId> _held = [];

    /// <summary>The records without those of host endpoints.</summary>
    public IReadOnlyList<DataplaneUpdate> HoldBack(IReadOnlyList<DataplaneUpdate> records)
    {
        if (!records.Any(r => r is HostEndpointUpdate or HostEndpointRemove)) return records;
        var rest = new List<DataplaneUpdate>(records.Count);
        foreach (var record in records)
        {
            switch (record)
            {
                case HostEndpointUpdate update:
                    if (_held.Add(update.Id)) logger.HostEndpointNotEnforced(update.Id.Name, update.InterfaceName);
                    break;
                case HostEndpointRemove remove:
                    if (_held.Remove(remove.Id)) logger.HostEndpointGone(remove.Id.Name);
                    break;
                default:
                    rest.Add(record);
                    break;
            }
        }
        NodeMetrics.HostEndpointsNotEnforced.Set(_held.Count);
        return rest;
    }
}
