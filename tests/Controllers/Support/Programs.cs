namespace Margay.Controllers.Tests.Support;

internal static class Programs
{
    /// <summary>The server program of this build.</summary>
    public static string Server()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(configuration.Parent!.Parent!.FullName, "Margay.Apps.Server", configuration.Name, "margay-server");
    }
}
