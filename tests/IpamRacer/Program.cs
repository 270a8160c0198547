using Margay.Ipam.Allocation;
using Margay.Model.Datastore.Kube;

// A process that gives addresses to pods of one node, one command after the other, until it is killed or told no more:
//   add POD   ->  given POD ADDRESS  |  refused POD REASON
//   del POD   ->  released POD
// Started as: Margay.Ipam.Racer KUBECONFIG NODE sole|shared
var (kubeconfig, node, sole) = (args[0], args[1], args[2] == "sole");
using var connection = new KubeClient(KubeConfig.Connect(kubeconfig));
using var metrics = new IpamMetrics();
var client = new IpamClient(new IpamStore(connection), new IpamClientOptions { SoleWriterOfNode = sole }, metrics, TimeProvider.System);
await Console.Out.WriteLineAsync("ready");
while (await Console.In.ReadLineAsync() is { } line)
{
    string[] words = line.Split(' ');
    string pod = words[1], handle = AddressRequest.OfContainer("k8s-pod-network", pod);
    try
    {
        await Console.Out.WriteLineAsync(words[0] == "add" ? await AddAsync(pod, handle) : await DeleteAsync(pod, handle));
    }
    catch (HttpRequestException error)
    {
        await Console.Out.WriteLineAsync($"failed {pod} {error.Message.ReplaceLineEndings(" ")}");
    }
}

async Task<string> AddAsync(string pod, string handle)
{
    var attributes = AddressRequest.OfPod("shop", pod, node, TimeProvider.System.GetUtcNow());
    return await client.AssignAsync(new AddressRequest(handle, node, null, attributes) { CountV4 = 1 }, CancellationToken.None) switch
    {
        Assigned assigned => $"given {pod} {assigned.Addresses[0].Address}",
        Refused { Kind: RefusalKind.Contended } refused => $"failed {pod} {refused.Message}",
        Refused refused => $"refused {pod} {refused.Message}",
        _ => throw new InvalidOperationException("no answer"),
    };
}

async Task<string> DeleteAsync(string pod, string handle)
{
    await client.ReleaseHandleAsync(handle, node, CancellationToken.None);
    return $"released {pod}";
}
