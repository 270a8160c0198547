using System.CommandLine;
using Margay.ApiServer.Definitions;

namespace Margay.Apps.Server;

/// <summary><c>margay-server crds</c>: the custom resource definitions for a Kubernetes cluster.</summary>
internal static class CrdsCommand
{
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "A folder to write them to, a file each; without it they go to standard output, for kubectl apply -f -.",
    };

    public static Command Create()
    {
        var command = new Command("crds", "Print the custom resource definitions that a Kubernetes cluster needs.") { Out };
        command.SetAction(given =>
        {
            var all = ResourceDefinitions.All();
            if (given.GetValue(Out) is not { } folder)
            {
                Console.Out.Write(string.Join("---\n", all.Select(definition => definition.Yaml)));
                return 0;
            }
            try
            {
                Directory.CreateDirectory(folder);
                foreach (var (file, yaml) in all) File.WriteAllText(Path.Combine(folder, file), yaml);
                return 0;
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"margay-server crds: --out {folder}: {cause.Message}");
                return 1;
            }
        });
        return command;
    }
}
