using System.Security.Cryptography;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Storage.Etcd;
using Margay.ApiServer.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Hosting;

/// <summary>Opens the storage that was asked for.</summary>
internal static class StorageChoice
{
    /// <exception cref="StartException">It cannot be opened.</exception>
    public static async Task<IStorage> OpenAsync(
        ApiServerOptions options, DataDirectory data, ServerMetrics metrics, TimeProvider time, ILogger logger, CancellationToken stop) =>
        options.Etcd is { } etcd
            ? await EtcdAsync(etcd, metrics, time, logger, stop)
            : Sqlite(options, data, metrics, time, logger);

    private static LoggedStorage Sqlite(ApiServerOptions options, DataDirectory data, ServerMetrics metrics, TimeProvider time, ILogger logger)
    {
        try
        {
            return new LoggedStorage(new SqliteEventLog(data.Database), new StorageOptions
            {
                RetainEvents = options.RetainEvents, RetainFor = options.RetainFor, OnCommit = metrics.Committed,
            }, time, logger);
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            throw new StartException($"the state in {data.Database} cannot be opened: {e.Message}", e);
        }
    }

    private static async Task<IStorage> EtcdAsync(EtcdOptions etcd, ServerMetrics metrics, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        try
        {
            return await EtcdStorage.OpenAsync(etcd with { OnRequest = metrics.EtcdAsked }, time, logger, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException($"--etcd-cafile, --etcd-certfile or --etcd-keyfile cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is StorageUnavailableException or FormatException)
        {
            throw new StartException($"the state in etcd cannot be opened: {e.Message}", e);
        }
    }
}
