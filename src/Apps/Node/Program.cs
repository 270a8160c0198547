using System.CommandLine;
using Margay.Model.Datastore.Kube;
using Margay.Node;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

var nodeName = new Option<string>("--node-name") { Description = "The node's name; default the host's.", DefaultValueFactory = _ => Environment.MachineName };
var kubeConfig = new Option<string?>("--kubeconfig") { Description = "The kubeconfig; default $KUBECONFIG, then ~/.kube/config." };
var datastore = new Option<string?>("--datastore") { Description = $"Where objects of projectcalico.org are: auto, v3, or crd (custom resources); default ${ClusterStore.ModeVariable}, then auto." };
var relay = new Option<string?>("--relay") { Description = "List and watch at this relay (https://HOST:PORT) while it answers; at the API server otherwise." };
var runDirectory = new Option<string>("--run-dir") { Description = "State that lasts until the next boot.", DefaultValueFactory = _ => "/run/margay" };
var cniSocket = new Option<string?>("--cni-socket") { Description = "The socket for margay-cni; default cni.sock in the run directory." };
var healthHost = new Option<string>("--health-host") { Description = "The name or IPv4 address where health and metrics listen, or * for all.", DefaultValueFactory = _ => "localhost" };
var healthPort = new Option<int>("--health-port") { Description = "Port of health and metrics; 0: none.", DefaultValueFactory = _ => 9099 };
var register = new Option<string[]>("--register-address") { Description = "Register the Node object with this address; may be repeated. For where no kubelet does.", AllowMultipleArgumentsPerToken = true };
var warm = new Option<int>("--warm-addresses") { Description = "Addresses of each family and pool that are kept ready for the next pods, 0 to 64.", DefaultValueFactory = _ => 8 };
warm.Validators.Add(given =>
{
    if (given.GetValueOrDefault<int>() is < 0 or > 64) given.AddError("--warm-addresses is 0 to 64.");
});
var policyOnly = new Option<string?>("--policy-only") { Description = "Another plugin wires the pods: the prefix of their interfaces, for example eni; enforce policy on them." };
var level = new Option<LogLevel>("--log-level") { Description = "The least level that is logged.", DefaultValueFactory = _ => LogLevel.Information };

var root = new RootCommand("The Margay node service: enforces policy on this node and attaches its pods.")
{
    nodeName, kubeConfig, datastore, relay, runDirectory, cniSocket, healthHost, healthPort, register, policyOnly, warm, level,
};
root.Add(Margay.Apps.Node.CleanupCommand.Create(runDirectory, cniSocket));
relay.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string?>() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "https"))
        result.AddError($"--relay {text}: expected https://HOST:PORT");
});
healthHost.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string>() is { } text && text.Contains(':', StringComparison.Ordinal))
        result.AddError($"--health-host {text}: expected a name, an IPv4 address, or * for all of them");
});
root.SetAction(async (parsed, stop) =>
{
    using var logging = LoggerFactory.Create(builder => builder
        .SetMinimumLevel(parsed.GetValue(level))
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
    try
    {
        var options = new NodeOptions
        {
            NodeName = parsed.GetValue(nodeName)!,
            KubeConfig = parsed.GetValue(kubeConfig),
            Datastore = parsed.GetValue(datastore) is { } mode ? ClusterStore.ModeOf(mode) : null,
            Relay = parsed.GetValue(relay) is { } relayAddress ? new Uri(relayAddress) : null,
            RunDirectory = parsed.GetValue(runDirectory)!,
            CniSocket = parsed.GetValue(cniSocket),
            HealthHost = parsed.GetValue(healthHost)!,
            HealthPort = parsed.GetValue(healthPort),
            PolicyOnlyPrefix = parsed.GetValue(policyOnly),
            WarmAddresses = parsed.GetValue(warm),
            RegisterAddresses = parsed.GetValue(register) ?? [],
        };
        await new NodeService(options, logging, TimeProvider.System).RunAsync(stop);
        return 0;
    }
    catch (KubeConfigException cause)
    {
        Console.Error.WriteLine($"margay-node: {cause.Message}");
        return 1;
    }
});
return await root.Parse(args).InvokeAsync();
