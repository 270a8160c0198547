using Margay.Ipam.Allocation;
using Margay.Ipam.Tests.Processes;
using Margay.Model.Datastore.Kube;

// A process that gives addresses to pods of one node, one command after the other, until it is killed or told no more:
//   add POD   ->  given POD ADDRESS  |  refused POD REASON
//   del POD   ->  released POD
// Started as: Margay.Ipam.Racer KUBECONFIG NODE [RECORDS]
// With a folder for records it is the node's only process: it remembers its blocks and keeps addresses ready.
var (kubeconfig, node, records) = (args[0], args[1], args.Length > 2 ? args[2] : null);
using var connection = new KubeClient(KubeConfig.Connect(kubeconfig));
using var metrics = new IpamMetrics();
var options = records is null ? new IpamClientOptions() : new IpamClientOptions { SoleWriterOfNode = true, WarmAddresses = 2 };
var client = new IpamClient(new IpamStore(connection), options, metrics, TimeProvider.System);
if (records is not null)
{
    client.Remember(node, WarmRecords.Read(records, node));
    _ = Task.Run(SettleAsync);
}
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
    bool first = records is not null && WarmRecords.Ask(records, pod);
    var attributes = AddressRequest.OfPod("shop", pod, node, TimeProvider.System.GetUtcNow());
    var answer = await client.AssignAsync(new AddressRequest(handle, node, null, attributes) { CountV4 = 1, IsFirst = first }, CancellationToken.None);
    if (answer is Assigned given && records is not null) WarmRecords.Write(records, pod, given.Addresses.Select(a => a.Address));
    return answer switch
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
    if (records is not null) WarmRecords.Delete(records, pod);
    return $"released {pod}";
}

// As a node service does behind its answers.
async Task SettleAsync()
{
    while (true)
    {
        try
        {
            foreach (var lost in await client.SettleAsync(node, CancellationToken.None))
                await Console.Error.WriteLineAsync($"{lost.Address} was given to {lost.Handle} and is somebody else's");
            await client.WaitForGiftAsync(node, CancellationToken.None);
        }
        catch (Exception cause) when (cause is HttpRequestException or IpamContentionException)
        {
            await Task.Delay(100);
        }
    }
}
