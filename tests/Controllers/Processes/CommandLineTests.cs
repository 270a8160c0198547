using System.Diagnostics;
using Margay.Tests;

namespace Margay.Controllers.Tests.Processes;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Options_that_make_no_sense_end_it_with_a_sentence_that_names_the_fix()
    {
        var stop = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(Programs.Find("Margay.Apps.Server"), ["controllers", "--enabled-controllers", "nodes"]) { RedirectStandardError = true })!;
        string error = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("margay-server controllers: there is no controller \"nodes\"; there are node, loadbalancer", error);
    }
}
