using Margay.Node.Cni;
using Margay.Node.Removal;
using Margay.Node.Tests.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests.Removal;

public sealed class NodeRemovalTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>As one does that leaves the wiring of pods to another plugin.</summary>
    [Fact]
    public async Task A_service_without_a_socket_is_waited_for()
    {
        var folder = Directory.CreateTempSubdirectory("margay-removal-");
        try
        {
            var time = new ManualTime(DateTimeOffset.UnixEpoch);
            // Nothing of the kernel is touched before the wait is over.
            var removal = new NodeRemoval(null!, null!, folder.FullName, NullLogger<NodeRemoval>.Instance);
            Task waiting;
            using (ServiceLock.TryTake(folder.FullName, NullLogger.Instance))
            {
                waiting = removal.WaitForServiceToEndAsync(Path.Combine(folder.FullName, "cni.sock"), time, Stop);
                await time.Awaited.WaitAsync(Stop);
                Assert.False(waiting.IsCompleted);
            }
            time.Advance(TimeSpan.FromSeconds(1));
            await waiting.WaitAsync(Stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_service_nothing_is_waited_for() =>
        await new NodeRemoval(null!, null!, "/nowhere", NullLogger<NodeRemoval>.Instance).WaitForServiceToEndAsync("/nowhere/cni.sock", TimeProvider.System, Stop);
}
