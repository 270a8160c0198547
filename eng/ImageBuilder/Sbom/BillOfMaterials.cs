using System.Text.Json.Nodes;

namespace Margay.ImageBuilder.Sbom;

/// <summary>What is in an image, as SPDX 2.3 JSON.</summary>
internal sealed class BillOfMaterials(Release release, LockFiles locks, string work)
{
    /// <summary>The document for one architecture.</summary>
    public JsonObject Of(Image image, string architecture)
    {
        var self = new Component($"margay-{image.Name}", release.Version, $"pkg:oci/{image.Name}@{release.Version}?arch={architecture}", "Apache-2.0");
        var inside = Components(image).OrderBy(component => component.Url, StringComparer.Ordinal).ToList();
        var relations = new JsonArray(Relation("SPDXRef-DOCUMENT", "DESCRIBES", Id(self)));
        foreach (var component in inside) relations.Add(Relation(Id(self), "CONTAINS", Id(component)));
        return new JsonObject
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = "SPDXRef-DOCUMENT",
            ["name"] = $"margay-{image.Name}-{architecture}",
            ["documentNamespace"] = $"https://margay.io/spdx/{image.Name}/{release.Version}/{architecture}/{release.Revision}",
            ["creationInfo"] = new JsonObject { ["created"] = release.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"), ["creators"] = new JsonArray("Tool: margay eng/images") },
            ["packages"] = new JsonArray([Package(self), .. inside.Select(Package)]),
            ["relationships"] = relations,
        };
    }

    private IEnumerable<Component> Components(Image image)
    {
        var debian = new DebianPackages(Path.Combine(work, "packages"));
        var packages = image.Layers.SelectMany(layer => layer.Packages).Select(package => package.Name).Distinct();
        return locks.Of(image.Apps).Concat(Runtimes(image)).Concat(packages.Select(debian.Of));
    }

    // A self-contained program carries its runtime, which no lock file names.
    private IEnumerable<Component> Runtimes(Image image) => image.Layers
        .SelectMany(layer => layer.Programs)
        .Select(program => Path.Combine(work, "programs", program.From))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.runtimeconfig.json"))
        .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!["runtimeOptions"]!["includedFrameworks"]?.AsArray() ?? [])
        .Select(framework => (Name: framework!["name"]!.GetValue<string>(), Version: framework["version"]!.GetValue<string>()))
        .Select(framework => new Component(framework.Name, framework.Version, $"pkg:nuget/{framework.Name}@{framework.Version}", "MIT"));

    private static JsonObject Package(Component component) => new()
    {
        ["name"] = component.Name,
        ["SPDXID"] = Id(component),
        ["versionInfo"] = component.Version,
        ["downloadLocation"] = "NOASSERTION",
        ["filesAnalyzed"] = false,
        ["licenseConcluded"] = "NOASSERTION",
        ["licenseDeclared"] = component.Licence,
        ["copyrightText"] = "NOASSERTION",
        ["externalRefs"] = new JsonArray(new JsonObject
        {
            ["referenceCategory"] = "PACKAGE-MANAGER", ["referenceType"] = "purl", ["referenceLocator"] = component.Url,
        }),
    };

    private static JsonObject Relation(string from, string type, string to) =>
        new() { ["spdxElementId"] = from, ["relationshipType"] = type, ["relatedSpdxElement"] = to };

    // SPDX ids have letters, digits, '.' and '-' only.
    private static string Id(Component component) =>
        "SPDXRef-" + string.Concat($"{component.Name}-{component.Version}".Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-'));
}
