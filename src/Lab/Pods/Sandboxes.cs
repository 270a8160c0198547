using System.Security.Cryptography;
using Margay.Lab.Processes;
using Margay.Lab.Topology;
using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>Makes and removes the sandboxes of one node's pods.</summary>
internal sealed class Sandboxes(string lab, CniRuntime cni)
{
    /// <summary>The pod's sandbox, with its network; made when it is not there. What an earlier attempt left is removed first.</summary>
    public async Task<Sandbox> EnsureAsync(Pod pod, PodDirectory directory, CancellationToken stop)
    {
        if (Sandbox.Load(directory.SandboxFile) is { } known)
        {
            if (known.Ready && (known.Netns is null || File.Exists(PathOf(known.Netns)))) return known;
            await RemoveAsync(directory, TimeSpan.Zero, stop);
        }

        Directory.CreateDirectory(directory.Path);
        return pod.Spec.HostNetwork == true ? OnTheNode(pod, directory) : await AttachAsync(directory, stop);
    }

    /// <summary>Ends what runs in the pod's sandbox and removes the sandbox; harmless when there is none.</summary>
    public async Task RemoveAsync(PodDirectory directory, TimeSpan grace, CancellationToken stop)
    {
        if (Sandbox.Load(directory.SandboxFile) is not { } sandbox) return;
        if (sandbox.Netns is { } netns)
        {
            bool exists = File.Exists(PathOf(netns));
            if (exists) await NetnsProcesses.EndAsync([netns], grace, stop);
            await cni.DeleteAsync(Target(directory, sandbox, exists ? PathOf(netns) : ""), stop);
            if (exists) await Command.RequireAsync("ip", ["netns", "delete", netns], stop);
        }

        File.Delete(directory.SandboxFile);
    }

    private static Sandbox OnTheNode(Pod pod, PodDirectory directory)
    {
        var sandbox = new Sandbox(pod.Metadata.Uid ?? pod.Metadata.Name!, null, true, []);
        sandbox.Save(directory.SandboxFile);
        return sandbox;
    }

    private async Task<Sandbox> AttachAsync(PodDirectory directory, CancellationToken stop)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var sandbox = new Sandbox(id, LabPlan.PodNetns(lab, id), false, []);
        sandbox.Save(directory.SandboxFile);
        await Command.RequireAsync("ip", ["netns", "add", sandbox.Netns!], stop);
        await Command.RequireAsync("ip", ["-n", sandbox.Netns!, "link", "set", "lo", "up"], stop);
        var addresses = await cni.AddAsync(Target(directory, sandbox, PathOf(sandbox.Netns!)), stop);
        sandbox = sandbox with { Ready = true, Addresses = addresses };
        sandbox.Save(directory.SandboxFile);
        return sandbox;
    }

    private static CniTarget Target(PodDirectory directory, Sandbox sandbox, string netns)
    {
        var (@namespace, name, uid) = directory.Pod;
        return new CniTarget(sandbox.Id, netns, @namespace, name, uid);
    }

    private static string PathOf(string netns) => $"/run/netns/{netns}";
}
