using System.CommandLine;
using Margay.Lab.Commands;

namespace Margay.Cli.Lab;

/// <summary><c>margay lab</c>: clusters of network namespaces on this machine.</summary>
internal static class LabVerb
{
    private static readonly Option<string> Name = new("--name") { Description = "The lab's name.", DefaultValueFactory = _ => "lab" };

    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "table or json.", DefaultValueFactory = _ => "table",
    };

    private static readonly Option<string> StateRoot = new("--state-root")
    {
        Hidden = true, DefaultValueFactory = _ => new LabOptions().StateRoot,
    };

    private static readonly Option<string> RunRoot = new("--run-root") { Hidden = true, DefaultValueFactory = _ => new LabOptions().RunRoot };

    public static Command Build()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        return new Command("lab", "Run a cluster of network namespaces on this machine.")
        {
            Up(), Down(), Status(), Exec(), Logs(), Matrix(), LabHiddenVerbs.Supervise(), LabHiddenVerbs.Controller(), LabHiddenVerbs.Kubelet(),
            LabHiddenVerbs.Hold("stop", true), LabHiddenVerbs.Hold("start", false),
        };
    }

    /// <summary>A command with the options that every lab command has.</summary>
    internal static Command Command(string name, string description, params Symbol[] more)
    {
        var command = new Command(name, description) { Name, Output, StateRoot, RunRoot };
        foreach (var symbol in more)
        {
            if (symbol is Option option) command.Add(option);
            if (symbol is Argument argument) command.Add(argument);
        }

        return command;
    }

    /// <summary>What every lab command is told.</summary>
    internal static LabOptions Common(ParseResult given) => new()
    {
        Name = given.GetRequiredValue(Name),
        Output = given.GetValue(Output) == "json" ? LabOutput.Json : LabOutput.Table,
        StateRoot = given.GetRequiredValue(StateRoot),
        RunRoot = given.GetRequiredValue(RunRoot),
    };

    private static Command Up()
    {
        var nodes = new Option<int?>("--nodes") { Description = "How many nodes (default 3)." };
        var files = new Option<string[]>("--filename", "-f") { Description = "Manifests to apply: a file or a directory; may be repeated." };
        var port = new Option<int>("--port") { Description = "The API server's port on 127.0.0.1 (default: a free one)." };
        var binaries = new Option<string?>("--binaries") { Description = "The directory of Margay's programs (default: this program's)." };
        var timeout = new Option<int>("--timeout") { Description = "Seconds that one step may take.", DefaultValueFactory = _ => 60 };
        var command = Command("up", "Bring a lab up, repair it, or add manifests to it.", nodes, files, port, binaries, timeout);
        command.SetAction((given, stop) =>
        {
            var common = Common(given);
            return LabCommands.UpAsync(
                new LabUpOptions
                {
                    Name = common.Name, Output = common.Output, StateRoot = common.StateRoot, RunRoot = common.RunRoot,
                    Nodes = given.GetValue(nodes), Manifests = given.GetValue(files) ?? [], ApiPort = given.GetValue(port),
                    Binaries = given.GetValue(binaries), Patience = TimeSpan.FromSeconds(given.GetValue(timeout)),
                },
                LabConsole.Standard,
                stop);
        });
        return command;
    }

    private static Command Down()
    {
        var command = Command("down", "Remove a lab and everything of it.");
        command.SetAction((given, stop) => LabCommands.DownAsync(Common(given), LabConsole.Standard, stop));
        return command;
    }

    private static Command Status()
    {
        var command = Command("status", "Show a lab's processes and pods.");
        command.SetAction((given, stop) => LabCommands.StatusAsync(Common(given), LabConsole.Standard, stop));
        return command;
    }

    private static Command Matrix()
    {
        var ipv6 = new Option<bool>("--ipv6") { Description = "Probe IPv6 addresses." };
        var patience = new Option<int>("--probe-timeout") { Description = "Milliseconds that one connection may take.", DefaultValueFactory = _ => 700 };
        var command = Command("matrix", "Try every connection, and compare with what policy says.", ipv6, patience);
        command.SetAction((given, stop) =>
        {
            var common = Common(given);
            return LabCommands.MatrixAsync(
                new LabMatrixOptions
                {
                    Name = common.Name, Output = common.Output, StateRoot = common.StateRoot, RunRoot = common.RunRoot,
                    Ipv6 = given.GetValue(ipv6), Patience = TimeSpan.FromMilliseconds(given.GetValue(patience)),
                },
                LabConsole.Standard,
                stop);
        });
        return command;
    }

    private static Command Exec()
    {
        var (container, pod) = PodSymbols();
        var program = new Argument<string[]>("COMMAND") { Description = "The command, after --.", Arity = ArgumentArity.OneOrMore };
        var command = Command("exec", "Run a command inside a pod.", container, pod, program);
        command.SetAction((given, stop) =>
        {
            var common = Common(given);
            return LabCommands.ExecAsync(
                new LabExecOptions
                {
                    Name = common.Name, Output = common.Output, StateRoot = common.StateRoot, RunRoot = common.RunRoot,
                    Namespace = given.GetValue(GlobalOptions.Namespace) ?? "default", Container = given.GetValue(container), Pod = given.GetRequiredValue(pod),
                    Command = given.GetRequiredValue(program),
                },
                LabConsole.Standard,
                stop);
        });
        return command;
    }

    private static Command Logs()
    {
        var (container, pod) = PodSymbols();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes." };
        var tail = new Option<int?>("--tail") { Description = "Only the last lines." };
        var command = Command("logs", "Print what a container printed.", container, follow, tail, pod);
        command.SetAction((given, stop) =>
        {
            var common = Common(given);
            return LabCommands.LogsAsync(
                new LabLogsOptions
                {
                    Name = common.Name, Output = common.Output, StateRoot = common.StateRoot, RunRoot = common.RunRoot,
                    Namespace = given.GetValue(GlobalOptions.Namespace) ?? "default", Container = given.GetValue(container), Pod = given.GetRequiredValue(pod),
                    Follow = given.GetValue(follow), Tail = given.GetValue(tail),
                },
                LabConsole.Standard,
                stop);
        });
        return command;
    }

    private static (Option<string?> Container, Argument<string> Pod) PodSymbols() =>
    (
        new Option<string?>("--container", "-c") { Description = "The container (default: the first)." },
        new Argument<string>("POD") { Description = "The pod's name." });
}
