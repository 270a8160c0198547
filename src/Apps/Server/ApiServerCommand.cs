using System.CommandLine;
using Margay.ApiServer.Hosting;

namespace Margay.Apps.Server;

/// <summary><c>margay-server apiserver</c>: the standalone Kubernetes API server.</summary>
internal static class ApiServerCommand
{
    private static readonly Option<string> DataDirectory = new("--data-dir")
    {
        Description = "The folder of the state and of the certificate authority.", Required = true,
    };

    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "Address and port to serve at, with TLS; may be repeated. [::1]:6443 for IPv6, port 0 for a free one.",
    };

    private static readonly Option<int[]> ListenDescriptors = new("--listen-fd")
    {
        Description = "An inherited socket that listens already, served with TLS; may be repeated.",
    };

    private static readonly Option<string?> Advertise = new("--advertise") { Description = "The host:port that kubeconfigs name." };

    private static readonly Option<string[]> Names = new("--san")
    {
        Description = "A further name or address for the server's certificate; may be repeated.",
    };

    private static readonly Option<string?> KubeconfigOut = new("--kubeconfig-out")
    {
        Description = "Where to write the administrator's kubeconfig, beside DATA-DIR/admin.kubeconfig.",
    };

    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = "Bearer tokens, a line each: token,user,uid,\"group,...\".",
    };

    private static readonly Option<string> Issuer = new("--service-account-issuer")
    {
        Description = "The issuer in tokens of service accounts: an https URL.", DefaultValueFactory = _ => new ApiServerOptions { DataDirectory = "" }.ServiceAccountIssuer,
    };

    private static readonly Option<string[]> Audiences = new("--api-audiences")
    {
        Description = "An audience that this server is; may be repeated. The issuer when none is given.",
    };

    private static readonly Option<int> RetainEvents = new("--retain-events")
    {
        Description = "How many changes can be watched from the past (SQLite).", DefaultValueFactory = _ => 20_000,
    };

    private static readonly Option<double> RetainMinutes = new("--retain-minutes")
    {
        Description = "For how many minutes changes can be watched from the past (SQLite).", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<double> BookmarkSeconds = new("--bookmark-seconds")
    {
        Description = "How often quiet watches are told how far they are.", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<string> Authorization = new("--authorization-mode")
    {
        Description = "RBAC: what roles allow; AlwaysAllow: whoever is known may do everything.", DefaultValueFactory = _ => "RBAC",
    };

    private static readonly Option<string> LogFormat = new("--log-format") { Description = "text or json.", DefaultValueFactory = _ => "text" };

    public static Command Create()
    {
        LogFormat.AcceptOnlyFromAmong("text", "json");
        Authorization.AcceptOnlyFromAmong("RBAC", "AlwaysAllow");
        var command = new Command("apiserver", "Serve the Kubernetes API, with the state in a folder of this machine or in an etcd cluster.")
        {
            DataDirectory, Listen, ListenDescriptors, Advertise, Names, KubeconfigOut, TokenFile, Issuer, Audiences, RetainEvents, RetainMinutes,
            BookmarkSeconds, Authorization, LogFormat,
        };
        EtcdFlags.AddTo(command);
        AuditFlags.AddTo(command);
        command.SetAction((given, _) => Serving.RunAsync("apiserver", stop => RunAsync(given, stop)));
        return command;
    }

    private static async Task RunAsync(ParseResult given, CancellationToken stop)
    {
        await using ApiServerHost server = await ApiServerHost.StartAsync(Options(given), stop);
        await Serving.SayAsync("apiserver", $"serving at {server.Address}, version {server.Revision}, kubeconfig {server.Kubeconfig}");
        await Serving.UntilAsync(stop);
    }

    private static ApiServerOptions Options(ParseResult given) => new()
    {
        DataDirectory = given.GetRequiredValue(DataDirectory),
        Listen = Serving.Addresses(given, Listen, "127.0.0.1:6443"),
        ListenDescriptors = given.GetValue(ListenDescriptors) ?? [],
        Advertise = given.GetValue(Advertise),
        AlternativeNames = given.GetValue(Names) ?? [],
        KubeconfigOut = given.GetValue(KubeconfigOut),
        TokenFile = given.GetValue(TokenFile),
        ServiceAccountIssuer = given.GetRequiredValue(Issuer),
        ApiAudiences = given.GetValue(Audiences) ?? [],
        Audit = AuditFlags.Read(given),
        RetainEvents = given.GetValue(RetainEvents),
        RetainFor = TimeSpan.FromMinutes(given.GetValue(RetainMinutes)),
        BookmarkInterval = TimeSpan.FromSeconds(given.GetValue(BookmarkSeconds)),
        Etcd = EtcdFlags.Read(given),
        AuthorizationMode = given.GetValue(Authorization) == "AlwaysAllow" ? AuthorizationMode.AlwaysAllow : AuthorizationMode.Rbac,
        JsonLog = given.GetValue(LogFormat) == "json",
    };
}
