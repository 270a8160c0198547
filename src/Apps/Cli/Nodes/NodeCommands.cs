using System.CommandLine;
using System.Text.Json.Nodes;
using Margay.Cli.Output;

namespace Margay.Cli.Nodes;

/// <summary><c>margay node status</c>: what the node service of this machine, or of a network namespace's, says of itself.</summary>
internal static class NodeCommands
{
    public static Command Build()
    {
        var url = new Option<string>("--url") { Description = "Where the node service's health server listens.", DefaultValueFactory = _ => "http://localhost:9099" };
        var output = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var status = new Command("status", "Print the state of the node service. Exit code 1 when it is not ready.") { url, output };
        status.SetAction((parsed, stop) => Invocation.RunAsync(
            async () =>
            {
                var answer = await AskAsync(parsed.GetValue(url)!, stop);
                bool ready = answer["ready"]?.GetValue<bool>() == true;
                if (parsed.GetValue(output) == "json")
                {
                    Console.Out.WriteLine(JsonText.Indented(answer));
                }
                else
                {
                    foreach (var (name, value) in answer) Console.Out.WriteLine($"{name + ":",-18}{value?.ToString() ?? "-"}");
                }
                return ready ? 0 : 1;
            },
            stop));
        return new Command("node", "Look at the node service.") { status };
    }

    private static async Task<JsonObject> AskAsync(string url, CancellationToken stop)
    {
        using var http = new HttpClient();
        try
        {
            string text = await http.GetStringAsync(new Uri(url.TrimEnd('/') + "/status"), stop);
            return JsonNode.Parse(text) as JsonObject ?? throw new CliException($"{url} answered something that is not a status.");
        }
        catch (HttpRequestException cause)
        {
            throw new CliException($"No node service answers at {url}: {cause.Message}. Is margay-node running here? In another network namespace, use ip netns exec.");
        }
    }
}
