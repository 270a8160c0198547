using Margay.Lab.Api;
using Margay.Lab.Topology;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Lab.Nodes;

/// <summary>
/// Writes a node's status, as its agent would. It replaces the status as a whole: addresses are merged by their type in every
/// kind of patch, and a node of two families has two addresses of the type InternalIP.
/// </summary>
internal static class NodeRegistration
{
    private const int MostAttempts = 5;

    public static async Task WriteStatusAsync(LabApi api, LabMachine machine, DateTimeOffset now, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            var node = await api.Store.GetAsync<Node>(null, machine.Name, stop);
            node.Status = Status(machine, now);
            try
            {
                await api.Store.UpdateStatusAsync(node, stop);
                return;
            }
            catch (ApiException failure) when (failure.IsConflict && attempt < MostAttempts)
            {
                continue;
            }
        }
    }

    internal static NodeStatus Status(LabMachine machine, DateTimeOffset now)
    {
        string time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        return new NodeStatus
        {
            Addresses =
            [
                new NodeAddress { Type = "InternalIP", Address = machine.Ipv4 },
                new NodeAddress { Type = "InternalIP", Address = machine.Ipv6 },
                new NodeAddress { Type = "Hostname", Address = machine.Name },
            ],
            Conditions =
            [
                new NodeCondition
                {
                    Type = "Ready", Status = "True", Reason = "KubeletReady", Message = "the lab's pod runner runs",
                    LastHeartbeatTime = time, LastTransitionTime = time,
                },
            ],
            NodeInfo = new NodeSystemInfo
            {
                KubeletVersion = "lab", OsImage = "a network namespace", OperatingSystem = "linux", Architecture = "amd64",
                KernelVersion = Environment.OSVersion.Version.ToString(), ContainerRuntimeVersion = "lab://1",
                MachineID = machine.Name, SystemUUID = machine.Name, BootID = machine.Name,
            },
        };
    }
}
