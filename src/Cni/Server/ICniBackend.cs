using Margay.Cni.Protocol;
using Margay.Cni.Wiring;

namespace Margay.Cni.Server;

/// <summary>
/// What the node service does for each verb. The server has checked the call, holds the lock of its container, and lets
/// nothing run beside GC. Expected failures are outcomes; an exception becomes an error of its kind and is logged.
/// Every operation is idempotent by container and interface, because runtimes and the plugin repeat calls.
/// </summary>
public interface ICniBackend
{
    /// <summary>Attaches a container. Answers when its policy is in the kernel; on failure nothing is left behind.</summary>
    ValueTask<CniOutcome> AddAsync(CniCall call, CancellationToken stop);

    /// <summary>Detaches a container. What is not there is no error; the namespace may be gone.</summary>
    ValueTask<CniOutcome> DelAsync(CniCall call, CancellationToken stop);

    /// <summary>Compares an attachment with what ADD made; a difference is <see cref="CniErrorCode.CheckFailed"/>.</summary>
    ValueTask<CniOutcome> CheckAsync(CniCall call, CancellationToken stop);

    /// <summary>Detaches every container of this network that is not in the list.</summary>
    ValueTask<CniOutcome> GcAsync(CniCall call, IReadOnlySet<AttachmentMark> valid, CancellationToken stop);

    /// <summary>Could an ADD be served now? If not, the code is one of 50 and 51.</summary>
    ValueTask<CniOutcome> StatusAsync(CniCall call, CancellationToken stop);
}
