using System.CommandLine;
using Margay.Lab.Commands;

namespace Margay.Cli.Lab;

/// <summary>What a lab's own processes run, and what tests do to them.</summary>
internal static class LabHiddenVerbs
{
    public static Command Supervise()
    {
        var command = Hidden("supervise", "Keep a lab's processes running.");
        command.SetAction((given, stop) => LabDaemonCommands.SuperviseAsync(LabVerb.Common(given), LabConsole.Standard, stop));
        return command;
    }

    public static Command Controller()
    {
        var command = Hidden("controller", "Schedule a lab's pods and write endpoints.");
        command.SetAction((given, stop) => LabDaemonCommands.ControllerAsync(LabVerb.Common(given), LabConsole.Standard, stop));
        return command;
    }

    public static Command Kubelet()
    {
        var node = new Option<string>("--node") { Description = "The node.", Required = true };
        var command = Hidden("kubelet", "Run the pods of one node of a lab.", node);
        command.SetAction((given, stop) =>
        {
            var common = LabVerb.Common(given);
            return LabDaemonCommands.KubeletAsync(
                new LabKubeletOptions { Name = common.Name, StateRoot = common.StateRoot, RunRoot = common.RunRoot, Node = given.GetRequiredValue(node) },
                LabConsole.Standard,
                stop);
        });
        return command;
    }

    public static Command Hold(string name, bool hold)
    {
        var process = new Argument<string>("PROCESS") { Description = "A process, as \"lab status\" names it." };
        var command = Hidden(name, hold ? "Take one of a lab's processes down." : "Let one of a lab's processes come back.", process);
        command.SetAction((given, stop) =>
            LabDaemonCommands.HoldAsync(LabVerb.Common(given), given.GetRequiredValue(process), hold, LabConsole.Standard, stop));
        return command;
    }

    private static Command Hidden(string name, string description, params Symbol[] more)
    {
        var command = LabVerb.Command(name, description, more);
        command.Hidden = true;
        return command;
    }
}
