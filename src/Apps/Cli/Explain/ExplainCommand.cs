using System.CommandLine;
using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;

namespace Margay.Cli.Explain;

/// <summary><c>margay explain SRC DST:PORT[/PROTO]</c>: the verdict and everything on the way to it.</summary>
internal static class ExplainCommand
{
    private static readonly Type[] _kinds =
    [
        typeof(Namespace), typeof(ServiceAccount), typeof(Pod), typeof(EndpointSlice), typeof(Tier), typeof(NetworkPolicy), typeof(GlobalNetworkPolicy),
        typeof(NetworkSet), typeof(GlobalNetworkSet), typeof(Profile), typeof(KubeNetworkPolicy), typeof(Service), typeof(Endpoints),
    ];

    public static Command Build()
    {
        var source = new Argument<string>("source") { Description = "NAMESPACE/POD, POD, or an address." };
        var destination = new Argument<string>("destination") { Description = "NAMESPACE/POD:PORT[/tcp|udp|icmp|sctp], svc/NAME:PORT, ADDRESS:PORT or [ADDRESS6]:PORT." };
        var output = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("explain", "Say whether a connection is allowed, and which rule says so. Exit code 0: allowed, 2: denied.") { source, destination, output };
        command.SetAction((parsed, stop) => Invocation.RunAsync(
            async () =>
            {
                var (client, ns) = Connections.OpenTyped(parsed);
                using (client)
                {
                    var resources = await ReadAsync(client, stop);
                    var cluster = new ClusterPolicy();
                    cluster.Apply(resources);
                    var question = FlowQuestion.Parse(parsed.GetValue(source)!, parsed.GetValue(destination)!, ns, resources);
                    var answers = question.Destinations
                        .Select(end => (end, cluster.Evaluate(question.Source, end.End, question.Protocol, end.Port)))
                        .ToArray();
                    if (parsed.GetValue(output) == "json") ExplainJson.Print(Console.Out, question, answers);
                    else ExplainText.Print(Console.Out, question, answers, cluster.Problems);
                    return answers.All(answer => answer.Item2.Allowed) ? 0 : 2;
                }
            },
            stop));
        return command;
    }

    private static async Task<IReadOnlyList<Resource>> ReadAsync(IResourceStore store, CancellationToken stop)
    {
        var kinds = KindRegistry.All.Where(kind => kind.Served && _kinds.Contains(kind.ClrType));
        var lists = await Task.WhenAll(kinds.Select(kind => store.ListAsync(kind, default, stop)));
        return [.. lists.SelectMany(list => list.Items)];
    }
}
