using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Yaml;

namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>One end of a probe: a pod of the world, or an address outside.</summary>
public readonly record struct ProbeEnd(string? Namespace, string? Pod, string? Address)
{
    public static ProbeEnd Parse(string text) =>
        IPAddress.TryParse(text, out _) ? new ProbeEnd(null, null, text) : new ProbeEnd(text.Split('/')[0], text.Split('/')[1], null);

    public override string ToString() => Address ?? $"{Namespace}/{Pod}";
}

/// <summary>A probe and its verdict: "red/a -> blue/b tcp/8080 = allow"; tcp6, udp6 and icmp6 are the same over IPv6.</summary>
public sealed record ScenarioProbe(ProbeEnd From, ProbeEnd To, string Protocol, bool Ipv6, ushort Port, bool Allowed)
{
    public byte Number => (Protocol, Ipv6) switch { ("tcp", _) => 6, ("udp", _) => 17, ("icmp", false) => 1, ("icmp", true) => 58, _ => 0 };

    public static ScenarioProbe Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var from, "->", var to, var what, "=", "allow" or "deny"]) throw new FormatException($"not a probe: {text}");
        string[] parts = what.Split('/');
        bool ipv6 = parts[0].EndsWith('6');
        return new ScenarioProbe(
            ProbeEnd.Parse(from), ProbeEnd.Parse(to), parts[0].TrimEnd('6'), ipv6, ushort.Parse(parts[1]), words[^1] == "allow");
    }

    public override string ToString() => $"{From} -> {To} {Protocol}{(Ipv6 ? "6" : "")}/{Port}";
}

/// <summary>Resources, and what they do to packets.</summary>
public sealed record Scenario(string File, string Name, IReadOnlyList<JsonObject> Resources, IReadOnlyList<ScenarioProbe> Probes)
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    public static IReadOnlyList<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)).Where(name => name != "world.yaml").Order(StringComparer.Ordinal)];

    public static Scenario Load(string file)
    {
        var root = YamlReader.ReadOne(System.IO.File.ReadAllText(Path.Combine(Folder, file)), file)!;
        return new Scenario(
            file,
            root["name"]!.GetValue<string>(),
            [.. root["resources"]!.AsArray().Select(node => node!.AsObject())],
            [.. root["probes"]!.AsArray().Select(node => ScenarioProbe.Parse(node!.GetValue<string>()))]);
    }

    public static IReadOnlyList<JsonObject> World() =>
        [.. YamlReader.ReadAll(System.IO.File.ReadAllText(Path.Combine(Folder, "world.yaml")), "world.yaml").Select(document => document.Root.AsObject())];

    public static Resource Typed(JsonObject document)
    {
        var kind = KindRegistry.Find(document["apiVersion"]?.ToString(), document["kind"]?.ToString())
            ?? throw new FormatException($"unknown kind {document["kind"]}");
        return kind.Read(JsonSerializer.SerializeToUtf8Bytes(document, ModelJson.Default.JsonObject));
    }

    public override string ToString() => File;
}
