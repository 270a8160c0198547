using System.Text;
using System.Text.Json.Nodes;
using Margay.Cni.Plugin;
using Margay.Cni.Protocol;
using Margay.Cni.Tests.Harness;
using Xunit;

namespace Margay.Cni.Tests.Plugin;

public sealed class CniPluginTests : IAsyncDisposable
{
    private readonly ServerFixture _fixture = new();

    [Fact]
    public async Task Del_alone_leaves_a_note_and_removes_the_interface_and_may_be_repeated()
    {
        Assert.Equal((0, ""), await _fixture.CallAsync("DEL", netns: ""));
        Assert.Equal((0, ""), await _fixture.CallAsync("DEL", netns: ""));
        Assert.Equal([("abc", "eth0"), ("abc", "eth0")], _fixture.Unwiring.Removed);
        Assert.Equal("abc", Assert.Single(_fixture.Tombstones.List()).Request!.Environment.ContainerId);
    }

    [Fact]
    public async Task A_note_is_served_when_the_service_is_back()
    {
        await _fixture.CallAsync("DEL");
        var served = new TaskCompletionSource();
        _fixture.Backend.Before = (_, _) =>
        {
            served.TrySetResult();
            return Task.CompletedTask;
        };
        await _fixture.StartAsync();
        await served.Task.WaitAsync(TestContext.Current.CancellationToken);
        await _fixture.StopAsync();
        Assert.Equal(["DEL abc"], _fixture.Backend.Calls);
        Assert.Empty(_fixture.Tombstones.List());
    }

    [Fact]
    public async Task A_note_that_is_written_while_the_service_runs_is_served_at_once()
    {
        await _fixture.StartAsync();
        var served = new TaskCompletionSource();
        _fixture.Backend.Before = (_, _) =>
        {
            served.TrySetResult();
            return Task.CompletedTask;
        };
        string request = """{"environment":{"command":"DEL","containerId":"late","ifName":"eth0"},"config":{"cniVersion":"1.0.0","name":"x"}}""";
        // The keeper makes the directory when it starts to watch; a note from before is found by its first sweep.
        _fixture.Tombstones.Write("late", "eth0", Encoding.UTF8.GetBytes(request));
        await served.Task.WaitAsync(TestContext.Current.CancellationToken);
        await _fixture.StopAsync();
        Assert.Equal("DEL late", _fixture.Backend.Calls.First());
    }

    [Theory]
    [InlineData("STATUS", "", CniErrorCode.PluginNotAvailable)]
    [InlineData("CHECK", ""","prevResult":{}""", CniErrorCode.TryAgainLater)]
    [InlineData("GC", ""","cni.dev/valid-attachments":[]""", CniErrorCode.TryAgainLater)]
    public async Task Other_verbs_say_that_the_service_is_away(string verb, string more, int code)
    {
        var (exit, output) = await _fixture.CallAsync(verb, more: more);
        var error = JsonNode.Parse(output)!;
        Assert.Equal((1, code), (exit, (int)error["code"]!));
        Assert.Contains(_fixture.Socket, (string)error["details"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_a_line_in_the_log()
    {
        string log = Path.Combine(Path.GetDirectoryName(_fixture.Socket)!, "logs", "cni.log");
        string more = $",\"log_file_path\":\"{log}\"";
        await _fixture.CallAsync("STATUS", more: more);
        await _fixture.CallAsync("DEL", more: more);
        await _fixture.CallAsync("DEL", more: $"{more},\"log_level\":\"DEBUG\"");
        string[] lines = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Length);
        Assert.Contains("STATUS abc eth0 exit=1 {\"cniVersion\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("DEL abc eth0 exit=0", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_waits_for_a_service_that_comes_back()
    {
        var add = _fixture.CallAsync("ADD");
        await _fixture.StartAsync();
        Assert.Equal(0, (await add).Exit);
    }

    [Theory]
    [InlineData("""{"cniVersion":"0.4.0"}""", "0.4.0")]
    [InlineData("""{"cniVersion":"0.1.0"}""", "0.1.0")]
    [InlineData("", "1.1.0")]
    [InlineData("{", "1.1.0")]
    public void Version_is_answered_without_a_service_whatever_comes_in(string input, string version)
    {
        using var output = new MemoryStream();
        int exit = new CniPlugin().Run(name => name == "CNI_COMMAND" ? "VERSION" : null, new MemoryStream(Encoding.UTF8.GetBytes(input)), output);
        Assert.Equal(0, exit);
        Assert.Equal($$"""{"cniVersion":"{{version}}","supportedVersions":["0.3.1","0.4.0","1.0.0","1.1.0"]}""", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void A_call_without_a_command_is_an_error_in_one_document()
    {
        using var output = new MemoryStream();
        int exit = new CniPlugin().Run(_ => null, new MemoryStream("""{"cniVersion":"1.0.0","name":"x"}"""u8.ToArray()), output);
        Assert.Equal((1, CniErrorCode.InvalidEnvironment), (exit, (int)JsonNode.Parse(output.ToArray())!["code"]!));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
