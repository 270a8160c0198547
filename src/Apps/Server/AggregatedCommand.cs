using System.CommandLine;
using Margay.ApiServer.Kubernetes;
using Margay.Model.Datastore.Kube;

namespace Margay.Apps.Server;

/// <summary><c>margay-server aggregated</c>: projectcalico.org/v3 behind a Kubernetes API server.</summary>
internal static class AggregatedCommand
{
    private static readonly Option<string?> KubeConfigFile = new("--kubeconfig") { Description = "The cluster; default the pod's service account, or $KUBECONFIG, then ~/.kube/config." };

    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "Address and port to serve at, with TLS; may be repeated.", DefaultValueFactory = _ => ["*:5443"],
    };

    private static readonly Option<string?> CertificateFile = new("--tls-cert-file") { Description = "The server's certificate (PEM); read again when it changes." };

    private static readonly Option<string?> KeyFile = new("--tls-private-key-file") { Description = "Its key (PEM)." };

    private static readonly Option<string?> CertificateDirectory = new("--cert-dir") { Description = "A folder for an authority and a certificate that are made when no file is given." };

    private static readonly Option<string?> AuthoritySecret = new("--authority-secret")
    {
        Description = "NAMESPACE/NAME of a Secret that keeps the authority of --cert-dir for all servers of the cluster; --api-service is told of it.",
    };

    private static readonly Option<string> ApiService = new("--api-service")
    {
        Description = "With --authority-secret: the APIService whose caBundle is kept.", DefaultValueFactory = _ => "v3.projectcalico.org",
    };

    private static readonly Option<string[]> Names = new("--san") { Description = "A further name for a certificate that is made, for example margay-api.margay-system.svc; may be repeated." };

    private static readonly Option<double> BookmarkSeconds = new("--bookmark-seconds")
    {
        Description = "How often quiet watches are told how far they are.", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<string> LogFormat = new("--log-format") { Description = "text or json.", DefaultValueFactory = _ => "text" };

    public static Command Create()
    {
        LogFormat.AcceptOnlyFromAmong("text", "json");
        var command = new Command("aggregated", "Serve projectcalico.org/v3 behind a Kubernetes API server, from its custom resources.")
        {
            KubeConfigFile, Listen, CertificateFile, KeyFile, CertificateDirectory, AuthoritySecret, ApiService, Names, BookmarkSeconds, LogFormat,
        };
        AuditFlags.AddTo(command);
        command.SetAction((given, _) => Serving.RunAsync("aggregated", stop => RunAsync(given, stop)));
        return command;
    }

    private static async Task RunAsync(ParseResult given, CancellationToken stop)
    {
        await using AggregatedHost server = await AggregatedHost.StartAsync(Options(given), stop);
        await Serving.SayAsync("aggregated", $"listening at {server.Address}");
        await server.ReadyAsync(stop);
        await Serving.SayAsync("aggregated", "the cluster is read, serving");
        await Serving.UntilAsync(stop);
    }

    private static AggregatedOptions Options(ParseResult given) => new()
    {
        Cluster = given.GetValue(KubeConfigFile) is { } file ? KubeConfig.Connect(file) : KubeConfig.Connect(),
        Listen = Serving.Addresses(given, Listen, "*:5443"),
        CertificateFile = given.GetValue(CertificateFile),
        KeyFile = given.GetValue(KeyFile),
        CertificateDirectory = given.GetValue(CertificateDirectory),
        AuthoritySecret = given.GetValue(AuthoritySecret),
        ApiService = given.GetValue(ApiService)!,
        AlternativeNames = given.GetValue(Names) ?? [],
        Audit = AuditFlags.Read(given),
        BookmarkInterval = TimeSpan.FromSeconds(given.GetValue(BookmarkSeconds)),
        JsonLog = given.GetValue(LogFormat) == "json",
    };
}
