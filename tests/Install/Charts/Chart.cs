using System.Text.Json.Nodes;
using Margay.Model.Yaml;
using Margay.Tests;

namespace Margay.Install.Tests.Charts;

/// <summary>The chart, rendered by the libraries that Helm is made of.</summary>
internal static class Chart
{
    /// <summary>The objects that values give.</summary>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string values = "{}", string chart = "margay")
    {
        var (exit, output, error) = await TryRenderAsync(values, chart);
        if (exit != 0) throw new InvalidOperationException(error);
        return [.. YamlReader.ReadAll(output, "rendered").Select(document => document.Root).OfType<JsonObject>()];
    }

    /// <summary>The exit code and the outputs of rendering.</summary>
    public static async Task<(int Exit, string Output, string Error)> TryRenderAsync(string values, string chart = "margay", params string[] further)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, values);
            return await Shell.RunAsync(RepositoryFolder.In("eng", "helm-render.sh"), ["-n", "margay-system", "-f", file, .. further, RepositoryFolder.In("deploy", "helm", chart)]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The object of a kind and name; exactly one.</summary>
    public static JsonObject The(this IReadOnlyList<JsonObject> objects, string kind, string name) => objects.Single(o => o.Kind() == kind && o.Name() == name);

    public static string Kind(this JsonObject o) => o["kind"]!.GetValue<string>();

    public static string Name(this JsonObject o) => o["metadata"]!["name"]!.GetValue<string>();
}
