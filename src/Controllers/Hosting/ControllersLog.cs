using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Hosting;

/// <summary>The log events of the controllers; ids 6000 to 6099.</summary>
internal static partial class ControllersLog
{
    [LoggerMessage(6000, LogLevel.Warning, "Controller {Controller} failed with {Key}; it is tried again until it succeeds")]
    public static partial void ReconcileFailed(this ILogger logger, string controller, string key, Exception cause);

    [LoggerMessage(6001, LogLevel.Information, "Controller {Controller} has succeeded with {Key} again")]
    public static partial void ReconcileRecovered(this ILogger logger, string controller, string key);

    [LoggerMessage(6002, LogLevel.Information, "{Identity} leads: it holds lease {Lease}")]
    public static partial void Leads(this ILogger logger, string identity, string lease);

    [LoggerMessage(6003, LogLevel.Warning, "{Identity} has lost lease {Lease}; its controllers stop")]
    public static partial void LeaseLost(this ILogger logger, string identity, string lease);

    [LoggerMessage(6004, LogLevel.Information, "{Identity} has given lease {Lease} back")]
    public static partial void LeaseReleased(this ILogger logger, string identity, string lease);

    [LoggerMessage(6005, LogLevel.Warning, "Lease {Lease} cannot be read or written now")]
    public static partial void LeaseTrouble(this ILogger logger, string lease, Exception cause);

    [LoggerMessage(6006, LogLevel.Information, "Lease {Lease} is held by {Holder}; {Identity} stands by")]
    public static partial void StandsBy(this ILogger logger, string lease, string holder, string identity);

    [LoggerMessage(6007, LogLevel.Warning, "{Kind} cannot be followed now; what is known of them stays in use")]
    public static partial void DatastoreTrouble(this ILogger logger, string kind, Exception cause);

    [LoggerMessage(6008, LogLevel.Information, "{Kind} are followed again")]
    public static partial void DatastoreRecovered(this ILogger logger, string kind);

    [LoggerMessage(6009, LogLevel.Warning, "KubeControllersConfiguration default: {Problem}")]
    public static partial void ConfigurationProblem(this ILogger logger, string problem);

    [LoggerMessage(6010, LogLevel.Warning, "Metrics and health cannot be served at {Address}; tried again")]
    public static partial void CannotListen(this ILogger logger, string address, Exception cause);

    [LoggerMessage(6012, LogLevel.Warning, "The datastore is not to be written (ClusterInformation default, datastoreReady false); the controllers wait")]
    public static partial void DatastoreClosed(this ILogger logger);

    [LoggerMessage(6013, LogLevel.Information, "The datastore may be written again")]
    public static partial void DatastoreOpen(this ILogger logger);

    [LoggerMessage(6020, LogLevel.Warning, "Node {Node} does not get host endpoint {Name}: {Why}")]
    public static partial void HostEndpointWithheld(this ILogger logger, string node, string name, string why);

    [LoggerMessage(6021, LogLevel.Information, "Host endpoint {Name} of node {Node}: {What}")]
    public static partial void HostEndpointChanged(this ILogger logger, string name, string node, string what);

    [LoggerMessage(6030, LogLevel.Information, "Service {Service} has {Addresses}")]
    public static partial void ServiceHas(this ILogger logger, string service, string addresses);

    [LoggerMessage(6031, LogLevel.Information, "Service {Service} no longer has {Addresses}")]
    public static partial void ServiceGaveBack(this ILogger logger, string service, string addresses);

    [LoggerMessage(6032, LogLevel.Warning, "Service {Service}: {Problem}")]
    public static partial void ServiceProblem(this ILogger logger, string service, string problem);

    [LoggerMessage(6033, LogLevel.Warning, "An event about {Object} could not be recorded")]
    public static partial void EventLost(this ILogger logger, string @object, Exception cause);

    [LoggerMessage(6040, LogLevel.Information, "{Address} is taken back: {Reason}")]
    public static partial void AddressCollected(this ILogger logger, string address, string reason);

    [LoggerMessage(6041, LogLevel.Information, "Address records: {Handles} handles and {Claims} claims mended, {Blocks} blocks given up")]
    public static partial void RecordsMended(this ILogger logger, int handles, int claims, int blocks);
}
