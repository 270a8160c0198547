using System.CommandLine;
using Margay.ApiServer.Hosting;

namespace Margay.Apps.Server;

/// <summary><c>margay-server serving-certificate</c>: a server's certificate, signed by the authority of a data folder; for relays.</summary>
internal static class ServingCertificateCommand
{
    private static readonly Option<string> DataDirectory = new("--data-dir") { Description = "The API server's folder.", Required = true };

    private static readonly Option<string[]> Names = new("--san") { Description = "A name or address that clients use; may be repeated.", Required = true };

    private static readonly Option<string> Out = new("--out") { Description = "The folder for server.crt, server.key and ca.crt.", Required = true };

    public static Command Create()
    {
        var command = new Command("serving-certificate", "Write a certificate, its key and the authority for a relay.") { DataDirectory, Names, Out };
        command.SetAction(given =>
        {
            try
            {
                ServingCertificate.Write(given.GetRequiredValue(DataDirectory), given.GetRequiredValue(Names), given.GetRequiredValue(Out));
                return 0;
            }
            catch (StartException e)
            {
                Console.Error.WriteLine($"margay-server serving-certificate: {e.Message}");
                return 1;
            }
        });
        return command;
    }
}
