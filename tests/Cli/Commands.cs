using System.CommandLine;
using Margay.Tests;

namespace Margay.Cli.Tests;

/// <summary>Runs commands as the program does, in this process.</summary>
internal static class Commands
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>The repository's folder: tests run on its examples.</summary>
    public static string Repository { get; } = RepositoryFolder.Path;

    /// <summary>Runs a command; the console is the process's, so one at a time.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(Func<Command> build, params string[] arguments)
    {
        await OneAtATime.WaitAsync();
        var (output, error) = (Console.Out, Console.Error);
        using var written = new StringWriter();
        using var complained = new StringWriter();
        try
        {
            Console.SetOut(written);
            Console.SetError(complained);
            var root = new RootCommand();
            GlobalOptions.AddTo(root);
            root.Subcommands.Add(build());
            int code = await root.Parse(arguments).InvokeAsync();
            return (code, written.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            OneAtATime.Release();
        }
    }

    /// <summary>A path in the repository.</summary>
    public static string In(string path) => Path.Combine(Repository, path);
}
