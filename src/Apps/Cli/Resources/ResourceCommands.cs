using System.CommandLine;
using System.Text.Json.Nodes;
using Margay.Cli.Output;

namespace Margay.Cli.Resources;

/// <summary>The verbs on resources: create, apply, replace, patch, delete, label.</summary>
internal static class ResourceCommands
{
    private static readonly Option<string[]> _files = new("--filename", "-f")
    {
        Description = "A file, a folder, a URL, or - for standard input; may be repeated.", Required = true, AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> _recursive = new("--recursive", "-R") { Description = "Also the folders below." };

    private static readonly Option<string> _dryRun = DryRun();

    public static IEnumerable<Command> All() => [Create(), Apply(), Replace(), Patch(), Delete(), Label()];

    private static Command Create() => FromFiles("create", "Create resources from manifests.", async (api, manifest, dry, stop) =>
    {
        await api.SendAsync(HttpMethod.Post, manifest.Kind.Path(manifest.Namespace) + Query(dry), manifest.Object, stop);
        return "created";
    });

    private static Command Replace() => FromFiles("replace", "Replace resources by manifests; they must exist.", async (api, manifest, dry, stop) =>
    {
        string path = manifest.Kind.Path(manifest.Namespace, manifest.Name);
        if (manifest.Object["metadata"]?["resourceVersion"] is null)
        {
            // Without a version the user asks to overwrite whatever is there; updates need to name it.
            var live = await api.SendAsync(HttpMethod.Get, path, null, stop);
            manifest.Object["metadata"]!["resourceVersion"] = live["metadata"]?["resourceVersion"]?.DeepClone();
        }
        await api.SendAsync(HttpMethod.Put, path + Query(dry), manifest.Object, stop);
        return "replaced";
    });

    private static Command Apply() => FromFiles("apply", "Make resources as the manifests say, and leave alone what others set.", async (api, manifest, dry, stop) =>
    {
        string path = manifest.Kind.Path(manifest.Namespace, manifest.Name);
        var wanted = ThreeWayMerge.WithLastApplied(manifest.Object);
        JsonObject live;
        try
        {
            live = await api.SendAsync(HttpMethod.Get, path, null, stop);
        }
        catch (ApiFailure failure) when (failure.Code == 404)
        {
            await api.SendAsync(HttpMethod.Post, manifest.Kind.Path(manifest.Namespace) + Query(dry), wanted, stop);
            return "created";
        }
        var patch = ThreeWayMerge.Patch(ThreeWayMerge.LastAppliedOf(live), wanted, live);
        if (patch.Count == 0) return "unchanged";
        await api.SendAsync(HttpMethod.Patch, path + Query(dry), patch, stop, "application/merge-patch+json");
        return "configured";
    });

    private static Command Patch()
    {
        var what = Words("The kind and the name.");
        var patch = new Option<string>("--patch", "-p") { Description = "The patch, as JSON or YAML.", Required = true };
        var type = new Option<string>("--type") { Description = "How to apply it.", DefaultValueFactory = _ => "merge" };
        type.AcceptOnlyFromAmong("merge", "json", "strategic");
        var command = new Command("patch", "Change fields of a resource.") { what, patch, type, _dryRun };
        command.SetAction((parsed, stop) => Invocation.RunAsync(parsed, async api =>
        {
            string contentType = parsed.GetValue(type) switch
            {
                "json" => "application/json-patch+json",
                "strategic" => "application/strategic-merge-patch+json",
                _ => "application/merge-patch+json",
            };
            var body = ManifestReader.ParseOne(parsed.GetValue(patch)!);
            foreach (var (kind, name) in Named(parsed.GetValue(what)!))
            {
                await api.SendAsync(HttpMethod.Patch, kind.Path(api.DefaultNamespace, name) + Query(parsed.GetValue(_dryRun)!), body, stop, contentType);
                Console.Out.WriteLine($"{Naming.Of(kind, name)} patched");
            }
            return 0;
        }, stop));
        return command;
    }

    private static Command Delete()
    {
        var what = new Argument<string[]>("what") { Description = "kind name..., or kind/name...", Arity = ArgumentArity.ZeroOrMore };
        var files = new Option<string[]>("--filename", "-f") { Description = "Delete what these manifests name.", AllowMultipleArgumentsPerToken = true };
        var selector = new Option<string?>("--selector", "-l") { Description = "Delete what matches this label selector." };
        var all = new Option<bool>("--all") { Description = "Delete all of the kind in the namespace." };
        var missing = new Option<bool>("--ignore-not-found") { Description = "What is already gone is fine." };
        var command = new Command("delete", "Delete resources.") { what, files, selector, all, missing, _recursive, _dryRun };
        command.SetAction((parsed, stop) => Invocation.RunAsync(parsed, async api =>
        {
            string dry = Query(parsed.GetValue(_dryRun)!);
            var targets = new List<(Model.Registry.KindInfo Kind, string? Namespace, string Name)>();
            if (parsed.GetValue(files) is { Length: > 0 } paths)
            {
                await foreach (var manifest in ManifestReader.ReadAsync(paths, parsed.GetValue(_recursive), api.DefaultNamespace, stop))
                    targets.Add((manifest.Kind, manifest.Namespace, manifest.Name));
                targets.Reverse();
            }
            foreach (var (kind, name) in parsed.GetValue(what) is { Length: > 0 } words ? ResourceArguments.Parse(words) : [])
            {
                if (name is not null)
                {
                    targets.Add((kind, api.DefaultNamespace, name));
                    continue;
                }
                if (parsed.GetValue(selector) is null && !parsed.GetValue(all))
                    throw new CliException($"Name the {kind.Plural} to delete, or say --all or --selector.");
                string query = parsed.GetValue(selector) is { } labels ? $"?labelSelector={Uri.EscapeDataString(labels)}" : "";
                var list = await api.SendAsync(HttpMethod.Get, kind.Path(api.DefaultNamespace) + query, null, stop);
                foreach (var item in list["items"]?.AsArray() ?? []) targets.Add((kind, api.DefaultNamespace, item!["metadata"]!["name"]!.GetValue<string>()));
            }
            if (targets.Count == 0 && parsed.GetValue(files) is not { Length: > 0 } && parsed.GetValue(what) is not { Length: > 0 })
                throw new CliException("Say what to delete: kind/name, or -f with manifests.");
            return await Invocation.ForEachAsync(targets, async target =>
            {
                try
                {
                    await api.SendAsync(HttpMethod.Delete, target.Kind.Path(target.Namespace, target.Name) + dry, null, stop);
                    Console.Out.WriteLine($"{Naming.Of(target.Kind, target.Name)} deleted");
                }
                catch (ApiFailure failure) when (failure.Code == 404 && parsed.GetValue(missing))
                {
                    // The user said that this is fine.
                }
            });
        }, stop));
        return command;
    }

    private static Command Label()
    {
        var what = Words("kind name label=value..., label- removes");
        var overwrite = new Option<bool>("--overwrite") { Description = "Change labels that have another value." };
        var command = new Command("label", "Set and remove labels of a resource.") { what, overwrite, _dryRun };
        command.SetAction((parsed, stop) => Invocation.RunAsync(parsed, async api =>
        {
            var words = parsed.GetValue(what)!;
            var changes = words.Where(word => word.Contains('=', StringComparison.Ordinal) || word.EndsWith('-')).ToArray();
            if (changes.Length == 0) throw new CliException("Name at least one label: key=value sets it, key- removes it.");
            foreach (var (kind, name) in Named(words.Except(changes).ToArray()))
            {
                string path = kind.Path(api.DefaultNamespace, name);
                var live = await api.SendAsync(HttpMethod.Get, path, null, stop);
                var labels = new JsonObject();
                foreach (var change in changes)
                {
                    if (change.EndsWith('-') && !change.Contains('=', StringComparison.Ordinal))
                    {
                        labels[change[..^1]] = null;
                        continue;
                    }
                    var (key, value) = change.Split('=', 2) is [var k, var v] ? (k, v) : (change, "");
                    string? old = live["metadata"]?["labels"]?[key]?.GetValue<string>();
                    if (old is not null && old != value && !parsed.GetValue(overwrite))
                        throw new CliException($"{Naming.Of(kind, name)} already has the label {key}={old}; --overwrite changes it.");
                    labels[key] = value;
                }
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
                await api.SendAsync(HttpMethod.Patch, path + Query(parsed.GetValue(_dryRun)!), patch, stop, "application/merge-patch+json");
                Console.Out.WriteLine($"{Naming.Of(kind, name)} labeled");
            }
            return 0;
        }, stop));
        return command;
    }

    private static Command FromFiles(string verb, string description, Func<ApiConnection, Manifest, string, CancellationToken, Task<string>> act)
    {
        var command = new Command(verb, description) { _files, _recursive, _dryRun };
        command.SetAction((parsed, stop) => Invocation.RunAsync(parsed, async api =>
        {
            var manifests = new List<Manifest>();
            await foreach (var manifest in ManifestReader.ReadAsync(parsed.GetValue(_files)!, parsed.GetValue(_recursive), api.DefaultNamespace, stop))
                manifests.Add(manifest);
            string dry = parsed.GetValue(_dryRun)!;
            return await Invocation.ForEachAsync(manifests, async manifest =>
            {
                try
                {
                    string done = dry == "client" ? verb + " (client dry run)" : await act(api, manifest, dry, stop);
                    Console.Out.WriteLine($"{Naming.Of(manifest.Kind, manifest.Name)} {done}{(dry == "server" ? " (server dry run)" : "")}");
                }
                catch (ApiFailure failure)
                {
                    throw new CliException($"{manifest.Source}: {failure.Message}");
                }
            });
        }, stop));
        return command;
    }

    private static IEnumerable<(Model.Registry.KindInfo Kind, string Name)> Named(IReadOnlyList<string> words) =>
        ResourceArguments.Parse(words).Select(argument =>
            (argument.Kind, argument.Name ?? throw new CliException($"Name the {argument.Kind.Kind}: {argument.Kind.Plural} NAME.")));

    private static Argument<string[]> Words(string description) => new("what") { Description = description, Arity = ArgumentArity.OneOrMore };

    private static string Query(string dryRun) => dryRun == "server" ? "?dryRun=All" : "";

    private static Option<string> DryRun()
    {
        var option = new Option<string>("--dry-run") { Description = "Do everything but the change.", DefaultValueFactory = _ => "none" };
        option.AcceptOnlyFromAmong("none", "server", "client");
        return option;
    }
}
