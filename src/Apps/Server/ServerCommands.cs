using System.CommandLine;

namespace Margay.Apps.Server;

/// <summary>The roles of the server, each a subcommand.</summary>
internal static class ServerCommands
{
    public static RootCommand Root() => new("Margay's cluster services.")
    {
        ApiServerCommand.Create(),
        AggregatedCommand.Create(),
        ControllersCommand.Create(),
        CrdsCommand.Create(),
        InstallationCommand.Create(),
        KubeconfigCommand.Create(),
        RelayCommand.Create(),
        ServingCertificateCommand.Create(),
    };
}
