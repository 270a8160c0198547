using System.Net.Sockets;
using System.Text.Json.Nodes;
using Margay.Lab.Api;
using Margay.Lab.Matrix;
using Margay.Lab.Processes;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Lab.Commands;

/// <summary>The commands of <c>margay lab</c>: options in, exit code out. 0 is success, 1 a failure that has been printed.</summary>
public static class LabCommands
{
    private const int ProbesAtOnce = 256;

    /// <summary>Brings a lab up, or repairs it, or adds manifests to it.</summary>
    public static Task<int> UpAsync(LabUpOptions options, LabConsole console, CancellationToken stop) => GuardAsync("up", console, async () =>
    {
        var progress = Progress(options, console);
        await new LabUp(options, progress).RunAsync(stop);
        var status = await LabStatus.ReadAsync(options.Layout, stop);
        if (options.Output == LabOutput.Json)
        {
            var json = status.Json();
            json["steps"] = new JsonArray([.. progress.Done.Select(step => (JsonNode)new JsonObject { ["name"] = step.Name, ["seconds"] = step.Seconds, ["result"] = step.Result })]);
            await PrintAsync(console, json);
        }
        else
        {
            await console.Out.WriteLineAsync($"  kubeconfig: {options.Layout.Kubeconfig}");
        }

        return 0;
    });

    /// <summary>Removes a lab; one that is not there is removed already.</summary>
    public static Task<int> DownAsync(LabOptions options, LabConsole console, CancellationToken stop) => GuardAsync("down", console, async () =>
    {
        await new LabDown(options.Layout, Progress(options, console)).RunAsync(stop);
        if (options.Output == LabOutput.Json) await PrintAsync(console, new JsonObject { ["name"] = options.Name, ["removed"] = true });
        return 0;
    });

    /// <summary>Says how a lab is; the exit code is 1 when something of it does not run.</summary>
    public static Task<int> StatusAsync(LabOptions options, LabConsole console, CancellationToken stop) => GuardAsync("status", console, async () =>
    {
        var status = await LabStatus.ReadAsync(options.Layout, stop);
        if (options.Output == LabOutput.Json) await PrintAsync(console, status.Json());
        else await console.Out.WriteAsync(status.Table());
        return status.IsWell ? 0 : 1;
    });

    /// <summary>Runs a command inside a pod; the exit code is the command's.</summary>
    public static Task<int> ExecAsync(LabExecOptions options, LabConsole console, CancellationToken stop) => GuardAsync("exec", console, async () =>
    {
        var spec = LabStore.Require(options.Layout);
        var container = PodAccess.Container(spec, options.Layout, options.Namespace, options.Pod, options.Container);
        var arguments = PodAccess.Enter(spec, container, options.Command);
        if (options.Output != LabOutput.Json) return await Command.InteractiveAsync("nsenter", arguments, stop);
        var result = await Command.RunAsync("nsenter", arguments, stop);
        await PrintAsync(console, new JsonObject { ["exitCode"] = result.ExitCode, ["stdout"] = result.Output, ["stderr"] = result.Error });
        return result.ExitCode;
    });

    /// <summary>Prints what a container printed.</summary>
    public static Task<int> LogsAsync(LabLogsOptions options, LabConsole console, CancellationToken stop) => GuardAsync("logs", console, async () =>
    {
        var spec = LabStore.Require(options.Layout);
        var container = PodAccess.Container(spec, options.Layout, options.Namespace, options.Pod, options.Container);
        if (options.Follow)
        {
            await LogReader.FollowAsync(container.Log, options.Tail, console.Out, stop);
            return 0;
        }

        var lines = LogReader.Lines(container.Log, options.Tail);
        if (options.Output == LabOutput.Json)
        {
            await PrintAsync(console, new JsonObject
            {
                ["namespace"] = options.Namespace, ["pod"] = options.Pod, ["container"] = Path.GetFileName(container.Path),
                ["lines"] = new JsonArray([.. lines.Select(line => (JsonNode)line)]),
            });
        }
        else
        {
            foreach (string line in lines) await console.Out.WriteLineAsync(line);
        }

        return 0;
    });

    /// <summary>Tries every connection and compares with what policy says; the exit code is 1 when they differ.</summary>
    public static Task<int> MatrixAsync(LabMatrixOptions options, LabConsole console, CancellationToken stop) => GuardAsync("matrix", console, async () =>
    {
        var spec = LabStore.Require(options.Layout);
        using var api = new LabApi(options.Layout.Kubeconfig);
        var state = await ClusterState.ReadAsync(api, stop);
        List<Pod> pods = [.. state.OfType<Pod>()];
        var family = options.Ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        using var prober = new TcpProber(options.Patience, ProbesAtOnce);
        var cells = await new ConnectivityMatrix(prober).ObserveAsync(
            MatrixPlan.Sources(pods, options.Layout),
            MatrixPlan.Targets(state.OfType<Service>(), pods, spec.Outside, family),
            new Expectations(state),
            stop);
        if (cells.Count == 0) throw new LabException("there is nothing to probe: no pod is ready, or there are no services");
        await console.Out.WriteAsync(options.Output == LabOutput.Json ? MatrixGrid.Json(cells) + "\n" : MatrixGrid.Render(cells));
        return cells.All(cell => cell.Agrees) ? 0 : 1;
    });

    private static StepProgress Progress(LabOptions options, LabConsole console) =>
        new(options.Output == LabOutput.Json ? console.Error : console.Out, TimeProvider.System);

    private static async Task PrintAsync(LabConsole console, JsonObject json) =>
        await console.Out.WriteLineAsync(json.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true, TypeInfoResolver = ModelJson.Default }));

    internal static async Task<int> GuardAsync(string command, LabConsole console, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception failure) when (failure is LabException or ApiException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"margay lab {command}: {failure.Message}");
            if ((failure as LabException)?.LogPath is { } log)
            {
                await console.Error.WriteLineAsync($"the log is {log}; its end:");
                foreach (string line in LogReader.Lines(log, 8)) await console.Error.WriteLineAsync($"  {line}");
            }

            return 1;
        }
    }
}
