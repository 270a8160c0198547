using System.CommandLine;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Relay;
using Margay.Model.Datastore.Kube;

namespace Margay.Apps.Server;

/// <summary><c>margay-server relay</c>: lists and watches for many nodes out of one memory.</summary>
internal static class RelayCommand
{
    private static readonly Option<string?> KubeConfigFile = new("--kubeconfig") { Description = "The API server, and who the relay is there; default $KUBECONFIG, then ~/.kube/config." };

    private static readonly Option<string[]> Listen = new("--listen") { Description = "Address and port to serve at, with TLS; may be repeated.", Required = true };

    private static readonly Option<string> CertFile = new("--tls-cert-file") { Description = "The relay's certificate.", Required = true };

    private static readonly Option<string> KeyFile = new("--tls-private-key-file") { Description = "Its key.", Required = true };

    private static readonly Option<string> ClientCa = new("--client-ca-file") { Description = "The authority of the clients' certificates: the cluster's.", Required = true };

    private static readonly Option<string[]> Groups = new("--group") { Description = "Members of this group may read; may be repeated. Default: system:nodes, margay:nodes." };

    private static readonly Option<string[]> Resources = new("--resource") { Description = "Relay this kind, plural.group; may be repeated. Default: what node services follow." };

    private static readonly Option<int> Backlog = new("--backlog") { Description = "How many changes of each kind are kept for clients that are behind.", DefaultValueFactory = _ => 4096 };

    private static readonly Option<double> BookmarkSeconds = new("--bookmark-seconds") { Description = "How often quiet watches are told how far they are.", DefaultValueFactory = _ => 30 };

    private static readonly Option<string> LogFormat = new("--log-format") { Description = "text or json.", DefaultValueFactory = _ => "text" };

    public static Command Create()
    {
        LogFormat.AcceptOnlyFromAmong("text", "json");
        var command = new Command("relay", "Answer lists and watches of many nodes with one watch at the API server.")
        {
            KubeConfigFile, Listen, CertFile, KeyFile, ClientCa, Groups, Resources, Backlog, BookmarkSeconds, LogFormat,
        };
        command.SetAction((given, _) => Serving.RunAsync("relay", stop => RunAsync(given, stop)));
        return command;
    }

    private static async Task RunAsync(ParseResult given, CancellationToken stop)
    {
        await using RelayHost relay = await RelayHost.StartAsync(Options(given), stop);
        await Serving.SayAsync("relay", $"serving at {relay.Address}");
        await Serving.UntilAsync(stop);
    }

    private static RelayOptions Options(ParseResult given) => new()
    {
        Upstream = KubeConfig.Connect(given.GetValue(KubeConfigFile)),
        Listen = Serving.Addresses(given, Listen, "10.0.0.2:6444"),
        CertificateFile = given.GetRequiredValue(CertFile),
        KeyFile = given.GetRequiredValue(KeyFile),
        ClientCaFile = given.GetRequiredValue(ClientCa),
        Groups = given.GetValue(Groups) is { Length: > 0 } groups ? groups : RelayOptions.DefaultGroups,
        Resources = given.GetValue(Resources) is { Length: > 0 } resources ? resources : RelayOptions.DefaultResources,
        Backlog = given.GetValue(Backlog) is > 0 and var backlog ? backlog : throw new StartException("--backlog: expected a number from 1"),
        BookmarkInterval = TimeSpan.FromSeconds(given.GetValue(BookmarkSeconds)),
        JsonLog = given.GetValue(LogFormat) == "json",
    };
}
