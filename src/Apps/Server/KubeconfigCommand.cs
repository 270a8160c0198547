using System.CommandLine;
using Margay.ApiServer.Hosting;

namespace Margay.Apps.Server;

/// <summary><c>margay-server kubeconfig</c>: credentials for a user or a component, signed by the authority of a data folder.</summary>
internal static class KubeconfigCommand
{
    private static readonly Option<string> DataDirectory = new("--data-dir") { Description = "The API server's folder.", Required = true };

    private static readonly Option<string> User = new("--user") { Description = "The user, for example system:node:node-1.", Required = true };

    private static readonly Option<string[]> Groups = new("--group") { Description = "A group of the user; may be repeated." };

    private static readonly Option<string> Server = new("--server") { Description = "The server's address, for example https://10.0.0.1:6443.", Required = true };

    private static readonly Option<string> Out = new("--out") { Description = "The file to write.", Required = true };

    public static Command Create()
    {
        var command = new Command("kubeconfig", "Write a kubeconfig with a client certificate for a user.") { DataDirectory, User, Groups, Server, Out };
        command.SetAction(given =>
        {
            try
            {
                ClientKubeconfig.Write(given.GetRequiredValue(DataDirectory), given.GetRequiredValue(User), given.GetValue(Groups) ?? [],
                    given.GetRequiredValue(Server), given.GetRequiredValue(Out));
                return 0;
            }
            catch (StartException e)
            {
                Console.Error.WriteLine($"margay-server kubeconfig: {e.Message}");
                return 1;
            }
        });
        return command;
    }
}
