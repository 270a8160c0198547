using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Yaml;

namespace Margay.Model.Datastore.Kube;

/// <summary>
/// The kubeconfig of kubectl: clusters, users, and contexts that join them. Several files count as one in which the first
/// to name something wins.
/// </summary>
public sealed class KubeConfig
{
    private const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private readonly List<(string File, JsonObject Root)> _files = [];

    private KubeConfig()
    {
    }

    /// <summary>The context in use, or null when none is named.</summary>
    public string? CurrentContext =>
        _files.Select(file => Text(file.Root, "current-context")).FirstOrDefault(name => !string.IsNullOrEmpty(name));

    /// <summary>The names of all contexts.</summary>
    public IReadOnlyList<string> Contexts =>
        [.. _files.SelectMany(file => Entries(file.Root, "contexts")).Select(entry => Text(entry, "name") ?? "").Distinct()];

    /// <summary>Reads files.</summary>
    /// <param name="path">
    /// The file; null for those in <c>KUBECONFIG</c> (with colons between), or else <c>~/.kube/config</c>. Only a file that
    /// is named here must exist.
    /// </param>
    /// <exception cref="KubeConfigException">A file cannot be read or is no kubeconfig.</exception>
    public static KubeConfig Load(string? path = null)
    {
        var config = new KubeConfig();
        if (path is not null && !File.Exists(path))
            throw new KubeConfigException($"{path}: no such kubeconfig file");
        foreach (string file in path is not null ? [path] : DefaultFiles())
        {
            if (File.Exists(file))
                config._files.Add((Path.GetFullPath(file), Parse(file)));
        }

        return config;
    }

    /// <summary>Finds the API server: from files as <see cref="Load"/> does, or inside of a pod from its service account.</summary>
    /// <param name="path">The file, or null.</param>
    /// <param name="context">The context, or null for the current one.</param>
    /// <exception cref="KubeConfigException">There is no usable configuration.</exception>
    public static KubeConnection Connect(string? path = null, string? context = null)
    {
        var config = Load(path);
        if (config._files.Count > 0)
            return config.Connection(context);
        return InCluster() ?? throw new KubeConfigException(
            $"no API server is configured: none of {string.Join(", ", DefaultFiles())} exists, and this is no pod");
    }

    /// <summary>The connection of a context.</summary>
    /// <param name="context">The context, or null for the current one.</param>
    /// <exception cref="KubeConfigException">It does not exist or lacks something.</exception>
    public KubeConnection Connection(string? context = null)
    {
        context ??= CurrentContext ?? throw new KubeConfigException($"{Files}: no current-context");
        var (_, link) = Find("contexts", "context", context);
        var (clusterFile, cluster) = Find("clusters", "cluster", Text(link, "cluster") ?? "");
        string? userName = Text(link, "user");
        var (userFile, user) = string.IsNullOrEmpty(userName) ? (clusterFile, []) : Find("users", "user", userName);
        if (user["exec"] is not null || user["auth-provider"] is not null)
            throw new KubeConfigException($"{userFile}: user \"{userName}\" signs in through a plugin, which is not supported");
        string server = Text(cluster, "server") ?? "";
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            throw new KubeConfigException($"{clusterFile}: \"{server}\" is not the address of a server");
        string? ns = Text(link, "namespace");
        string? tokenFile = Text(user, "tokenFile");
        return new KubeConnection
        {
            Server = uri,
            CertificateAuthority = Pem(clusterFile, cluster, "certificate-authority"),
            SkipTlsVerify = cluster["insecure-skip-tls-verify"]?.GetValueKind() == JsonValueKind.True,
            TlsServerName = Text(cluster, "tls-server-name"),
            ClientCertificate = Pem(userFile, user, "client-certificate"),
            ClientKey = Pem(userFile, user, "client-key"),
            Token = Text(user, "token"),
            TokenFile = tokenFile is null ? null : Beside(userFile, tokenFile),
            Username = Text(user, "username"),
            Password = Text(user, "password"),
            Namespace = string.IsNullOrEmpty(ns) ? "default" : ns,
        };
    }

    private string Files => string.Join(":", _files.Select(file => file.File));

    private static KubeConnection? InCluster()
    {
        string? host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        string? port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        string token = Path.Combine(ServiceAccountFolder, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
            return null;
        string ns = Path.Combine(ServiceAccountFolder, "namespace");
        string authority = Path.Combine(ServiceAccountFolder, "ca.crt");
        return new KubeConnection
        {
            Server = new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"),
            CertificateAuthority = File.Exists(authority) ? File.ReadAllText(authority) : null,
            TokenFile = token,
            Namespace = File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default",
        };
    }

    private static string[] DefaultFiles() =>
        Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list
            ? list.Split(':', StringSplitOptions.RemoveEmptyEntries)
            : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];

    private static JsonObject Parse(string file)
    {
        try
        {
            return YamlReader.ReadOne(File.ReadAllText(file), file) switch
            {
                JsonObject root => root,
                null => [],
                _ => throw new KubeConfigException($"{file}: is no kubeconfig"),
            };
        }
        catch (Exception error) when (error is YamlSyntaxException or IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException(error.Message, error);
        }
    }

    private (string File, JsonObject Value) Find(string list, string field, string name)
    {
        foreach (var (file, root) in _files)
        {
            foreach (var entry in Entries(root, list))
            {
                if (Text(entry, "name") == name)
                    return (file, entry[field] as JsonObject ?? []);
            }
        }

        throw new KubeConfigException($"{Files}: there is no {field} \"{name}\"");
    }

    private static IEnumerable<JsonObject> Entries(JsonObject root, string list) => (root[list] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string? Text(JsonObject map, string field) =>
        map[field] is JsonValue value ? value.ToString() : null;

    // The data in the file wins over the file that is named.
    private static string? Pem(string file, JsonObject map, string field)
    {
        try
        {
            if (Text(map, field + "-data") is { Length: > 0 } data)
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            return Text(map, field) is { Length: > 0 } path ? File.ReadAllText(Beside(file, path)) : null;
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{file}: {field}: {error.Message}", error);
        }
    }

    private static string Beside(string file, string path) => Path.Combine(Path.GetDirectoryName(file) ?? "", path);
}
