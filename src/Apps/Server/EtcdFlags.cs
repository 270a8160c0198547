using System.CommandLine;
using System.Globalization;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Storage.Etcd;

namespace Margay.Apps.Server;

/// <summary>Where the state is kept, under the names of kube-apiserver's flags.</summary>
internal static class EtcdFlags
{
    private static readonly Option<string> Storage = new("--storage")
    {
        Description = "sqlite: a file in the data folder; etcd: an etcd cluster, which several servers may share.", DefaultValueFactory = _ => "sqlite",
    };

    private static readonly Option<string?> Servers = new("--etcd-servers") { Description = "The members of the etcd cluster, separated by commas: https://10.0.0.1:2379,..." };

    private static readonly Option<string?> CaFile = new("--etcd-cafile") { Description = "The authority of the members' certificates; default: those the system trusts." };

    private static readonly Option<string?> CertFile = new("--etcd-certfile") { Description = "The client certificate for etcd." };

    private static readonly Option<string?> KeyFile = new("--etcd-keyfile") { Description = "The key of the client certificate." };

    private static readonly Option<string> Prefix = new("--etcd-prefix") { Description = "What all keys in etcd begin with.", DefaultValueFactory = _ => "/margay" };

    private static readonly Option<string> Compaction = new("--etcd-compaction-interval")
    {
        Description = "How often old history is removed from etcd, for example 5m or 90s; 0: never by this server.", DefaultValueFactory = _ => "5m",
    };

    public static void AddTo(Command command)
    {
        Storage.AcceptOnlyFromAmong("sqlite", "etcd");
        foreach (Option option in (Option[])[Storage, Servers, CaFile, CertFile, KeyFile, Prefix, Compaction]) command.Options.Add(option);
    }

    /// <summary>Where etcd is; null when the state is kept in SQLite.</summary>
    /// <exception cref="StartException">The flags do not fit together.</exception>
    public static EtcdOptions? Read(ParseResult given)
    {
        string? servers = given.GetValue(Servers), certificate = given.GetValue(CertFile), key = given.GetValue(KeyFile);
        if (given.GetValue(Storage) != "etcd")
            return servers is null ? null : throw new StartException($"--etcd-servers {servers} has no effect without --storage etcd");
        if (servers is null) throw new StartException("--storage etcd needs --etcd-servers, for example https://10.0.0.1:2379");
        if ((certificate is null) != (key is null)) throw new StartException("--etcd-certfile and --etcd-keyfile belong together: one of them is missing");
        try
        {
            return new EtcdOptions
            {
                Servers = EtcdOptions.ParseServers(servers), CaFile = given.GetValue(CaFile), CertificateFile = certificate, KeyFile = key,
                Prefix = given.GetRequiredValue(Prefix), CompactionInterval = Interval(given.GetRequiredValue(Compaction)),
            };
        }
        catch (FormatException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private static TimeSpan Interval(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        double unit = text.Length > 1 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        return unit > 0 && double.TryParse(text[..^1], CultureInfo.InvariantCulture, out double count) && count * unit is >= 1 and <= 86_400
            ? TimeSpan.FromSeconds(count * unit)
            : throw new StartException($"--etcd-compaction-interval {text}: expected 0, or 1s to 24h, for example 5m");
    }
}
