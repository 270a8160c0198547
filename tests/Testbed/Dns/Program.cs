using System.Runtime.InteropServices;
using Margay.Api;
using Margay.Testbed.Dns.Names;
using Margay.Testbed.Dns.Serving;

// The names of a test cluster: margay-testbed-dns [PORT]. It finds the API server as a pod does, or through KUBECONFIG.
int port = 53;
if (args.Length > 1 || (args.Length == 1 && !int.TryParse(args[0], out port)))
{
    await Console.Error.WriteLineAsync("usage: margay-testbed-dns [PORT]");
    return 2;
}

using var ended = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => { signal.Cancel = true; ended.Cancel(); });
using var client = MargayClient.FromKubeConfig();
await using var cluster = new CachedCluster(client);
try
{
    var inSync = cluster.InSync();
    while (await Task.WhenAny(inSync, Task.Delay(TimeSpan.FromSeconds(5), ended.Token)) != inSync)
    {
        ended.Token.ThrowIfCancellationRequested();
        await Console.Error.WriteLineAsync($"waiting for the API server: {cluster.Trouble?.Message ?? "it has not answered yet"}");
    }
    var responder = new DnsResponder(new ClusterNames(cluster));
    using var udp = new UdpService(responder, port);
    using var tcp = new TcpService(responder, port);
    await Console.Out.WriteLineAsync($"answering for {ClusterNames.Zone} on port {port}");
    await Task.WhenAll(udp.RunAsync(ended.Token), tcp.RunAsync(ended.Token));
}
catch (OperationCanceledException)
{
    // Told to end.
}
return 0;
