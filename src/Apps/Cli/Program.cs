using System.CommandLine;
using Margay.Cli;
using Margay.Cli.Explain;
using Margay.Cli.Ipam;
using Margay.Cli.Lab;
using Margay.Cli.Nodes;
using Margay.Cli.Resources;

var root = new RootCommand("Margay: network policy for Kubernetes and for plain Linux.");
GlobalOptions.AddTo(root);
root.Subcommands.Add(GetCommand.Build());
foreach (var command in ResourceCommands.All()) root.Subcommands.Add(command);
root.Subcommands.Add(ExplainCommand.Build());
root.Subcommands.Add(IpamCommands.Build());
root.Subcommands.Add(NodeCommands.Build());
root.Subcommands.Add(LabVerb.Build());
root.Subcommands.Add(CompletionCommand.Build());
return await root.Parse(args).InvokeAsync();
