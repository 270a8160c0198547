using Microsoft.Extensions.Logging;

namespace Margay.Node;

/// <summary>The log events of the node service; ids 1000 to 1099.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1000, LogLevel.Debug, "A probe went away before its answer: {Cause}")]
    public static partial void ProbeWentAway(this ILogger logger, string cause);

    [LoggerMessage(1001, LogLevel.Warning, "The kernel refused a change; it stays pending and is tried again")]
    public static partial void ApplyFailed(this ILogger logger, Exception cause);

    [LoggerMessage(1002, LogLevel.Information, "The kernel has taken everything again")]
    public static partial void ApplyRecovered(this ILogger logger);

    [LoggerMessage(1020, LogLevel.Warning, "The kernel refused routes; they stay pending and are tried again")]
    public static partial void RoutesRefused(this ILogger logger, Exception cause);

    [LoggerMessage(1021, LogLevel.Information, "The kernel has taken every route again")]
    public static partial void RoutesRecovered(this ILogger logger);

    [LoggerMessage(1022, LogLevel.Critical, "The part '{Part}' of the node service ended by itself: the service ends, to be started again whole")]
    public static partial void PartEnded(this ILogger logger, string part, Exception? cause);

    [LoggerMessage(1023, LogLevel.Warning, "The part '{Part}' of the node service failed while the service ended")]
    public static partial void PartEndedBadly(this ILogger logger, string part, Exception cause);

    [LoggerMessage(1003, LogLevel.Warning, "Pod {Pod}, container {Container}, could not be attached; what was made is taken away again")]
    public static partial void AddRolledBack(this ILogger logger, string pod, string container, Exception cause);

    [LoggerMessage(1004, LogLevel.Warning, "The addresses of {Handle} cannot be given back yet: {Cause}")]
    public static partial void ReleaseStaysPending(this ILogger logger, string handle, string cause);

    [LoggerMessage(1005, LogLevel.Information, "Container {Container} of pod {Pod} is no longer valid and is detached")]
    public static partial void Collected(this ILogger logger, string container, string pod);

    [LoggerMessage(1006, LogLevel.Information, "Policy has come to forbid {Count} established connections; they are cut")]
    public static partial void ConnectionsCut(this ILogger logger, int count);

    [LoggerMessage(1007, LogLevel.Warning, "Tracked connections could not be judged; they are judged again in a second")]
    public static partial void JudgingFailed(this ILogger logger, Exception cause);

    [LoggerMessage(1008, LogLevel.Warning, "The API server cannot be followed ({Kind}); policy stays as it is until it can")]
    public static partial void DatastoreTrouble(this ILogger logger, string kind, Exception cause);

    [LoggerMessage(1009, LogLevel.Information, "The API server is followed again ({Kind})")]
    public static partial void DatastoreRecovered(this ILogger logger, string kind);

    [LoggerMessage(1010, LogLevel.Information, "Node {Node} enforces policy; {Endpoints} endpoints, ready after {Milliseconds} ms")]
    public static partial void InSync(this ILogger logger, string node, int endpoints, long milliseconds);

    [LoggerMessage(1011, LogLevel.Information, "Another program changed our part of the kernel ({Part}); it is compared and repaired")]
    public static partial void KernelChangedByOthers(this ILogger logger, string part);

    [LoggerMessage(1018, LogLevel.Information, "The kernel had more to say about changes than could be heard ({Part}); it is compared")]
    public static partial void NotificationsLost(this ILogger logger, string part);

    [LoggerMessage(1012, LogLevel.Warning, "Node {Node} could not be registered yet: {Cause}")]
    public static partial void NotRegisteredYet(this ILogger logger, string node, string cause);

    [LoggerMessage(1013, LogLevel.Warning, "Host endpoint {HostEndpoint} (interface '{Interface}') is NOT enforced: the data plane does not program host endpoints; the interface stays open")]
    public static partial void HostEndpointNotEnforced(this ILogger logger, string hostEndpoint, string @interface);

    [LoggerMessage(1015, LogLevel.Warning, "Another node service holds {File}: this one keeps no addresses ready, and pods wait for a write of their block")]
    public static partial void OtherServiceRuns(this ILogger logger, string file);

    [LoggerMessage(1016, LogLevel.Warning, "Addresses that were given are not written to their blocks yet: {Cause}")]
    public static partial void GiftsStayUnwritten(this ILogger logger, string cause);

    [LoggerMessage(1017, LogLevel.Error, "Address {Address} was given to {Handle} here, and belongs to somebody else in its block: delete the pod, and look with 'margay ipam check'")]
    public static partial void GiftLost(this ILogger logger, string address, string handle);

    [LoggerMessage(1019, LogLevel.Warning, "The node's interfaces and condition could not be written to its object: {Cause}")]
    public static partial void NodeNotReported(this ILogger logger, string cause);

    [LoggerMessage(1014, LogLevel.Information, "Host endpoint {HostEndpoint}, which was not enforced, is gone")]
    public static partial void HostEndpointGone(this ILogger logger, string hostEndpoint);

    [LoggerMessage(1030, LogLevel.Information, "Waiting for the node service of {RunDirectory} to end: it would put back what is removed")]
    public static partial void WaitingForServiceToEnd(this ILogger logger, string runDirectory);

    [LoggerMessage(1031, LogLevel.Information, "Removed {Links} pod interfaces, {Routes} routes, the table: {Table}")]
    public static partial void NodeCleaned(this ILogger logger, int links, int routes, bool table);

    [LoggerMessage(1032, LogLevel.Warning, "The relay is left for a while, the API server is listed and watched instead: {Cause}")]
    public static partial void RelayLeft(this ILogger logger, string cause);
}
