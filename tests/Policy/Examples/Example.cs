using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Margay.Foundation.Primitives;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Yaml;

namespace Margay.Policy.Tests.Examples;

/// <summary>One line of what an example expects: <c>SOURCE -> DESTINATION:PORT[/PROTOCOL] allow|deny [by RULE]</c>.</summary>
/// <param name="Text">The line, for messages.</param>
/// <param name="Source">A pod as namespace/name, or an address.</param>
/// <param name="Destination">Likewise.</param>
/// <param name="Protocol">The protocol number.</param>
/// <param name="Port">The destination port; for ICMP type and code, one byte each.</param>
/// <param name="Allowed">Whether the connection passes.</param>
/// <param name="Decider">The rule that decides, or null when the documentation does not say.</param>
internal sealed record Expectation(string Text, string Source, string Destination, int Protocol, int Port, bool Allowed, string? Decider)
{
    public static Expectation Parse(string text)
    {
        string[] words = text.Split(' ');
        int colon = words[2].LastIndexOf(':');
        string[] port = words[2][(colon + 1)..].Split('/');
        int protocol = port.Length == 1 ? 6 : Twin.TwinNumbers.Protocol(port[1]);
        string[] numbers = port[0].Split('.');
        int number = protocol is 1 or 58
            ? (int.Parse(numbers[0], CultureInfo.InvariantCulture) << 8) + int.Parse(numbers[1], CultureInfo.InvariantCulture)
            : int.Parse(numbers[0], CultureInfo.InvariantCulture);
        if (words[1] != "->" || words[3] is not ("allow" or "deny") || (words.Length > 4 && words[4] != "by")) throw new FormatException(text);
        return new Expectation(text, words[0], words[2][..colon], protocol, number, words[3] == "allow", words.Length > 5 ? words[5] : null);
    }
}

/// <summary>An example of somebody's documentation: what there is, and what passes.</summary>
internal sealed record Example(string Case, string Page, List<Resource> Resources, List<Expectation> Expectations, List<string> Passages)
{
    /// <summary>The examples of a file. One without namespaces, accounts and pods has those of the one before.</summary>
    public static IEnumerable<Example> ReadAll(string path)
    {
        List<Resource> topology = [];
        foreach (var document in YamlReader.ReadAll(File.ReadAllText(path), path))
        {
            var example = (JsonObject)document.Root;
            if (example["pods"] is not null) topology = Topology(example);
            yield return new Example(
                Text(example["case"]), Text(example["page"]), [.. Tiers(), .. topology, .. List(example["resources"]).Select(Read)],
                [.. List(example["expect"]).Select(line => Expectation.Parse(Text(line)))], [.. List(example["passages"]).Select(Text)]);
        }
    }

    /// <summary>The tiers that every cluster has.</summary>
    private static List<Resource> Tiers() => [Make.Tier("kube-admin", 1000, "Pass"), Make.Tier("default", 1e6), Make.Tier("kube-baseline", 1e7, "Pass")];

    private static List<Resource> Topology(JsonObject example)
    {
        var all = new List<Resource>();
        foreach (string[] words in Words(example["namespaces"]))
            all.Add(Make.Namespace(words[0], string.Join(',', [.. words[1..], $"kubernetes.io/metadata.name={words[0]}"])));
        foreach (string[] words in Words(example["accounts"]))
            all.Add(Make.Account(Namespace(words[0]), Name(words[0]), words.ElementAtOrDefault(1) ?? ""));
        int number = 0;
        foreach (string[] words in Words(example["pods"]))
        {
            number++;
            string Part(string key) => Array.Find(words, w => w.StartsWith(key, StringComparison.Ordinal))?[key.Length..] ?? "";
            string labels = Array.Find(words, w => w.Contains('=', StringComparison.Ordinal) && !w.StartsWith("sa=", StringComparison.Ordinal) && !w.StartsWith("ports=", StringComparison.Ordinal)) ?? "";
            all.Add(Make.Pod(Namespace(words[0]), Name(words[0]), $"10.1.0.{number},fd00:1::{number:x}", labels.Replace('+', ','), Part("sa="), Part("ports=")));
        }
        return all;
    }

    private static Resource Read(JsonNode? node)
    {
        var kind = KindRegistry.Find(Text(node!["apiVersion"]), Text(node["kind"])) ?? throw new FormatException($"unknown kind: {node}");
        return kind.Read(Encoding.UTF8.GetBytes(node.ToJsonString()));
    }

    private static string Namespace(string name) => name[..name.IndexOf('/', StringComparison.Ordinal)];

    private static string Name(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static IEnumerable<string[]> Words(JsonNode? list) => List(list).Select(l => Text(l).Split(' '));

    private static IEnumerable<JsonNode?> List(JsonNode? node) => node as JsonArray ?? [];

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? throw new FormatException("a field is missing");

    /// <summary>The addresses of an end: its own, or those of the pod.</summary>
    public List<IpAddr> AddressesOf(string end) =>
        Pod(end) is { } pod ? pod.Status!.PodIPs!.ConvertAll(a => IpAddr.Parse(a.Ip)) : [IpAddr.Parse(end)];

    /// <summary>The pod at an end, or null for an address.</summary>
    public Pod? Pod(string end) => Resources.OfType<Pod>().FirstOrDefault(p => $"{p.Metadata.Namespace}/{p.Metadata.Name}" == end);
}
