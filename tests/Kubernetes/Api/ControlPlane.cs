using System.Security.Cryptography;
using Margay.Model.Datastore.Kube;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>
/// A real Kubernetes 1.20 API server with etcd, on loopback, with aggregation; Margay's definitions are applied, its aggregated
/// API server runs and is registered.
/// </summary>
public sealed class ControlPlane : IAsyncLifetime
{
    /// <summary>Tests of one collection run one after the other: some take the aggregated server away.</summary>
    public const string OneAtATime = "one cluster";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("margay-kubernetes-").FullName;
    private readonly List<Running> _running = [];
    private readonly int _port = Ports.Next();

    internal Authority Cluster { get; private set; } = null!;

    internal Authority FrontProxy { get; private set; } = null!;

    /// <summary>Where the cluster's API server listens.</summary>
    internal string Address => $"https://127.0.0.1:{_port}";

    /// <summary>The administrator's kubeconfig.</summary>
    internal string Admin { get; private set; } = "";

    /// <summary>A user in the group devs, without any right of its own.</summary>
    internal string Developer { get; private set; } = "";

    /// <summary>A user with the rights of a node service and the controllers, and no others.</summary>
    internal string Agent { get; private set; } = "";

    /// <summary>Where the aggregated server listens.</summary>
    internal string MargayAddress { get; private set; } = "";

    internal string AuditLog => Path.Combine(_folder, "audit.log");

    internal string Folder => _folder;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Cluster = new Authority(_folder, "cluster-ca");
        FrontProxy = new Authority(_folder, "front-proxy-ca");
        await StartClusterAsync();
        foreach (string file in (string[])["rbac", "tiered-policy-passthrough", "agents"]) await Kubectl.Own(this).ExpectAsync("apply", "-f", RepositoryFolder.In("deploy", "aggregated", $"{file}.yaml"));
        await Kubectl.Own(this).ExpectAsync("apply", "-f", RepositoryFolder.In("deploy", "crds"));
        await Kubectl.Own(this).ExpectAsync("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
        // The server is a user here, since there is no kubelet that would give a pod its token.
        foreach (string role in (string[])["margay-agent-node", "margay-agent-controllers"]) await ApplyAsync(Binding(role, "ClusterRole", role, "margay-agent"));
        await ApplyAsync(Binding("margay-api-user", "ClusterRole", "margay-api"));
        await ApplyAsync(Binding("margay-api-user-delegator", "ClusterRole", "system:auth-delegator"));
        await ApplyAsync("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"margay-api-user","namespace":"kube-system"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"extension-apiserver-authentication-reader"},"subjects":[{"kind":"User","name":"margay-api"}]}
            """);
        await StartMargayAsync();
        await RegisterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Running process in Enumerable.Reverse(_running)) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts the aggregated server (again).</summary>
    internal async Task StartMargayAsync()
    {
        int port = MargayAddress.Length > 0 ? new Uri(MargayAddress).Port : Ports.Next();
        var (certificate, key) = Cluster.Make("margay-serving", names: ["margay-api.margay-system.svc", "localhost", "127.0.0.1"]);
        MargayAddress = $"https://localhost:{port}";
        Margay = new Running(
            Programs.Server, "aggregated", "--kubeconfig", Kubeconfig("margay-api"), "--listen", $"127.0.0.1:{port}", "--tls-cert-file", certificate,
            "--tls-private-key-file", key, "--audit-log-path", AuditLog, "--bookmark-seconds", "1");
        _running.Add(Margay);
        await UntilAsync(async () =>
        {
            using HttpClient http = Client(null);
            using HttpResponseMessage answer = await http.GetAsync("/readyz", Stop);
            return answer.IsSuccessStatusCode;
        }, Margay);
    }

    /// <summary>The aggregated server that runs.</summary>
    internal Running Margay { get; private set; } = null!;

    /// <summary>A client of the aggregated server itself, past the cluster's.</summary>
    internal HttpClient Client((string Certificate, string Key)? identity, string? token = null) => new KubeConnection
    {
        Server = new Uri(MargayAddress),
        CertificateAuthority = File.ReadAllText(Cluster.File),
        Token = token,
        ClientCertificate = identity is { } shown ? File.ReadAllText(shown.Certificate) : null,
        ClientKey = identity is { } known ? File.ReadAllText(known.Key) : null,
    }.CreateHttpClient();

    /// <summary>A kubeconfig for a user with a certificate of the cluster's authority.</summary>
    internal string Kubeconfig(string user, params string[] groups)
    {
        var (certificate, key) = Cluster.Make(user, groups);
        // $KUBECONFIG is a list with colons between.
        string path = Path.Combine(_folder, $"{user.Replace(':', '-')}.kubeconfig");
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "{{Address}}", certificate-authority: {{Cluster.File}}} }]
            users: [{name: u, user: {client-certificate: {{certificate}}, client-key: {{key}}} }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            current-context: x
            """);
        return path;
    }

    // kubectl of that age does not believe that a list may hold null, as that of free addresses does.
    internal async Task ApplyAsync(string manifest) => await Kubectl.Own(this).ExpectInputAsync(manifest, "apply", "--validate=false", "-f", "-");

    /// <summary>Waits for something that another program brings about, and says what that printed when it does not come.</summary>
    internal static Task UntilAsync(Func<Task<bool>> reached, Func<string> trouble) => UntilAsync(reached, trouble, () => false);

    /// <summary>The same for what a program brings about, which fails at once when that has ended.</summary>
    internal static Task UntilAsync(Func<Task<bool>> reached, Running by) => UntilAsync(reached, () => by.Output, () => by.HasExited);

    private static async Task UntilAsync(Func<Task<bool>> reached, Func<string> trouble, Func<bool> vain)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(_patience);
        while (true)
        {
            try
            {
                if (await reached()) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            if (limit.IsCancellationRequested || vain()) throw new TimeoutException(trouble());
            await Task.Delay(200, Stop);
        }
    }

    /// <summary>The result of what another program brings about; says what was waited for when it does not come.</summary>
    internal static async Task<T> InTimeAsync<T>(ValueTask<T> coming, Func<string> trouble)
    {
        try
        {
            return await coming.AsTask().WaitAsync(_patience, Stop);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(trouble());
        }
    }

    private async Task StartClusterAsync()
    {
        int etcd = Ports.Next(), peer = Ports.Next();
        _running.Add(new Running(
            "etcd", "--data-dir", Path.Combine(_folder, "etcd"), "--listen-client-urls", $"http://127.0.0.1:{etcd}",
            "--advertise-client-urls", $"http://127.0.0.1:{etcd}", "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--unsafe-no-fsync"));
        var serving = Cluster.Make("kube-apiserver", names: ["localhost", "127.0.0.1"]);
        var proxy = FrontProxy.Make("front-proxy-client");
        string accounts = Path.Combine(_folder, "accounts.key");
        using (RSA key = RSA.Create(2048)) File.WriteAllText(accounts, key.ExportRSAPrivateKeyPem());
        string tokens = Path.Combine(_folder, "tokens");
        File.WriteAllText(tokens, "token-of-eve,eve,1001,\"devs\"\n");
        var server = new Running(
            Programs.Kubernetes("kube-apiserver"), $"--etcd-servers=http://127.0.0.1:{etcd}", $"--secure-port={_port}", "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none", $"--tls-cert-file={serving.Certificate}", $"--tls-private-key-file={serving.Key}",
            $"--client-ca-file={Cluster.File}", "--authorization-mode=RBAC", "--service-account-issuer=https://kubernetes.default.svc",
            $"--service-account-key-file={accounts}", $"--service-account-signing-key-file={accounts}", "--service-cluster-ip-range=10.96.0.0/24",
            $"--requestheader-client-ca-file={FrontProxy.File}", "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-", "--requestheader-group-headers=X-Remote-Group", "--requestheader-username-headers=X-Remote-User",
            $"--proxy-client-cert-file={proxy.Certificate}", $"--proxy-client-key-file={proxy.Key}", $"--token-auth-file={tokens}");
        _running.Add(server);
        Admin = Kubeconfig("admin", "system:masters");
        Developer = Kubeconfig("dev", "devs");
        Agent = Kubeconfig("margay-agent");
        await UntilAsync(async () => (await Kubectl.Own(this).RunAsync("get", "--raw", "/readyz")).Code == 0, server);
        await UntilAsync(async () => (await Kubectl.Own(this).RunAsync("get", "namespace", "kube-system", "default")).Code == 0, server);
    }

    /// <summary>An external name, since endpoints may not be on loopback; the cluster takes one where it does not look at endpoints itself.</summary>
    private async Task RegisterAsync()
    {
        int port = new Uri(MargayAddress).Port;
        await ApplyAsync("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"margay-api","namespace":"margay-system"},"spec":{"type":"ExternalName","externalName":"localhost"}}""");
        await ApplyAsync($$"""
            {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"v3.projectcalico.org"},"spec":{"group":"projectcalico.org","version":"v3",
             "groupPriorityMinimum":1500,"versionPriority":200,"caBundle":"{{Convert.ToBase64String(File.ReadAllBytes(Cluster.File))}}",
             "service":{"name":"margay-api","namespace":"margay-system","port":{{port}}} } }
            """);
        await Kubectl.Own(this).ExpectAsync("wait", "--for=condition=Available", "--timeout=90s", "apiservice", "v3.projectcalico.org");
        await UntilAsync(async () => (await Kubectl.Own(this).RunAsync("get", "tiers.projectcalico.org", "kube-baseline")).Code == 0, Margay);
    }

    private static string Binding(string name, string kind, string role, string user = "margay-api") => $$"""
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"{{name}}"},
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{kind}}","name":"{{role}}"},"subjects":[{"kind":"User","name":"{{user}}"}]}
        """;
}
