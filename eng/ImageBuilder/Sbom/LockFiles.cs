using System.Text.Json.Nodes;

namespace Margay.ImageBuilder.Sbom;

/// <summary>The NuGet packages of our programs, from the lock files that the build itself obeys.</summary>
internal sealed class LockFiles(string repository)
{
    // What runs at build time and leaves nothing behind.
    private static readonly string[] _tools = ["Microsoft.NET.ILLink.Tasks", "Microsoft.CodeAnalysis.PublicApiAnalyzers"];

    /// <summary>The packages of programs.</summary>
    /// <param name="apps">Folders under src/Apps.</param>
    public IEnumerable<Component> Of(IEnumerable<string> apps) => apps.SelectMany(Of).DistinctBy(component => component.Url);

    private IEnumerable<Component> Of(string app)
    {
        string file = Path.Combine(repository, "src/Apps", app, "packages.lock.json");
        var frameworks = JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!.AsObject();
        foreach (var (_, packages) in frameworks)
            foreach (var (name, entry) in packages!.AsObject())
                if (entry!["resolved"]?.GetValue<string>() is { } version && !_tools.Contains(name))
                    yield return new(name, version, $"pkg:nuget/{name}@{version}", Licence(name, version));
    }

    // The package's own word, when the build has left the package on this machine.
    private static string Licence(string name, string version)
    {
        string home = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");
        string nuspec = Path.Combine(home, name.ToLowerInvariant(), version, $"{name.ToLowerInvariant()}.nuspec");
        if (!File.Exists(nuspec)) return "NOASSERTION";
        var licence = System.Xml.Linq.XDocument.Load(nuspec).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : "NOASSERTION";
    }
}
