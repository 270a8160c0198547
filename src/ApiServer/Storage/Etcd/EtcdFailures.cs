using Grpc.Core;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>
/// What etcd's failures mean (api/v3rpc/rpctypes/error.go of etcd). A write may be repeated only when it certainly was
/// not taken: otherwise the second attempt could meet the first one's result.
/// </summary>
internal static class EtcdFailures
{
    /// <summary>The request certainly had no effect, and another member may do better.</summary>
    public static bool WasNotTaken(RpcException failure) =>
        failure.StatusCode == StatusCode.Unavailable
        && (failure.Status.DebugException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        } || Says(failure, "no leader") || Says(failure, "server stopped"));

    /// <summary>Another attempt may succeed.</summary>
    public static bool MayPass(RpcException failure) =>
        failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Cancelled;

    public static bool IsCompacted(RpcException failure) =>
        failure.StatusCode == StatusCode.OutOfRange && Says(failure, "compacted");

    public static bool IsTooLarge(RpcException failure) =>
        failure.StatusCode == StatusCode.InvalidArgument && Says(failure, "too large");

    /// <summary>In words for people.</summary>
    public static string Explain(RpcException failure)
    {
        string text = failure.Status.DebugException?.GetBaseException().Message ?? failure.Status.Detail;
        if (Says(failure, "database space exceeded")) return $"{text}: compact and defragment etcd, then disarm its alarm (etcdctl alarm disarm)";
        return failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded ? $"etcd does not answer: {text}" : $"etcd refuses: {text}";
    }

    private static bool Says(RpcException failure, string words) => failure.Status.Detail.Contains(words, StringComparison.Ordinal);
}
