namespace Margay.Tests;

/// <summary>The programs that were built with these tests.</summary>
internal static class Programs
{
    /// <summary>The program of a project: artifacts/bin/PROJECT/CONFIGURATION/NAME.</summary>
    /// <param name="project">The project's name, for example <c>Margay.Apps.Server</c>.</param>
    /// <exception cref="FileNotFoundException">The project was not built.</exception>
    public static string Find(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var folder = new DirectoryInfo(Path.Combine(configuration.Parent!.Parent!.FullName, project, configuration.Name));
        foreach (var file in folder.GetFiles("*.runtimeconfig.json"))
        {
            string program = file.FullName[..^".runtimeconfig.json".Length];
            if (File.Exists(program)) return program;
        }
        throw new FileNotFoundException($"no program in {folder}");
    }
}
