using System.CommandLine;

namespace Margay.Apps.Server;

/// <summary>The roles of the server, each a subcommand.</summary>
internal static class ServerCommands
{
    public static RootCommand Root() => new("Margay's cluster services.")
    {
        ApiServerCommand.Create(),
        ControllersCommand.Create(),
        InstallationCommand.Create(),
        KubeconfigCommand.Create(),
    };
}
