using Margay.Lab.Api;
using Margay.Lab.Control;
using Margay.Lab.Nodes;
using Margay.Lab.Processes;
using Margay.Lab.Topology;
using Margay.Linux.Processes;

namespace Margay.Lab.Commands;

/// <summary>The hidden commands of <c>margay lab</c>: what a lab's own processes run.</summary>
public static class LabDaemonCommands
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Keeps the lab's processes running, until it is killed.</summary>
    public static Task<int> SuperviseAsync(LabOptions options, LabConsole console, CancellationToken stop) =>
        RunAsync("supervise", console, async () =>
        {
            using var supervisor = new Supervisor(options.Layout, LabDaemons.For(LabStore.Require(options.Layout), options.Layout), TimeProvider.System);
            await supervisor.RunAsync(stop);
        }, stop);

    /// <summary>Schedules pods, writes endpoints and names.</summary>
    public static Task<int> ControllerAsync(LabOptions options, LabConsole console, CancellationToken stop) =>
        RunAsync("controller", console, async () =>
        {
            using var api = await ConnectAsync(options.Layout, stop);
            await new LabController(api, options.Layout).RunAsync(stop);
        }, stop);

    /// <summary>Runs the pods of one node.</summary>
    public static Task<int> KubeletAsync(LabKubeletOptions options, LabConsole console, CancellationToken stop) =>
        RunAsync("kubelet", console, async () =>
        {
            var spec = LabStore.Require(options.Layout);
            var node = LabPlan.For(spec).Nodes.FirstOrDefault(node => node.Name == options.Node)
                ?? throw new LabException($"lab \"{spec.Name}\" has no node \"{options.Node}\"");
            using var api = await ConnectAsync(options.Layout, stop);
            await new Kubelet(api, spec, options.Layout, node).RunAsync(stop);
        }, stop);

    /// <summary>Takes one of the lab's processes down and holds it down, or lets it come back.</summary>
    /// <param name="options">The lab.</param>
    /// <param name="process">The process, as <c>lab status</c> names it.</param>
    /// <param name="hold">Down, or back.</param>
    /// <param name="console">Where failures are printed.</param>
    /// <param name="stop">Ends the command.</param>
    public static Task<int> HoldAsync(LabOptions options, string process, bool hold, LabConsole console, CancellationToken stop) =>
        LabCommands.GuardAsync(hold ? "stop" : "start", console, async () =>
        {
            var spec = LabStore.Require(options.Layout);
            if (!LabDaemons.For(spec, options.Layout).Any(daemon => daemon.Name == process))
                throw new LabException($"lab \"{spec.Name}\" has no process \"{process}\"; \"margay lab status\" lists them");
            string file = Supervisor.HoldFile(options.Layout, process);
            if (!hold)
            {
                File.Delete(file);
                return 0;
            }

            await File.WriteAllTextAsync(file, "", stop);
            if (LabProcesses.Find(options.Layout, process) is not { } running) return 0;
            Signals.Send(running.Pid, Signal.Terminate);
            while (running.IsAlive) await Task.Delay(Look, stop);
            return 0;
        });

    // The server writes the kubeconfig when it starts for the first time.
    private static async Task<LabApi> ConnectAsync(LabLayout layout, CancellationToken stop)
    {
        while (!File.Exists(layout.InnerKubeconfig)) await Task.Delay(Look, stop);
        return new LabApi(layout.InnerKubeconfig);
    }

    private static Task<int> RunAsync(string command, LabConsole console, Func<Task> run, CancellationToken stop) =>
        LabCommands.GuardAsync(command, console, async () =>
        {
            try
            {
                await run();
                return 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return 0;
            }
        });
}
