using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Cni.Protocol;
using Margay.Cni.Server;
using Margay.Cni.Tests.Harness;
using Margay.Cni.Wire;
using Margay.Cni.Wiring;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Cni.Tests.Server;

public sealed class CniServerTests : IAsyncLifetime
{
    private readonly ServerFixture _fixture = new();

    private RecordingBackend Backend => _fixture.Backend;

    public async ValueTask InitializeAsync() => await _fixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public async Task Add_answers_in_the_version_of_the_caller(string version)
    {
        Backend.Answer = CniOutcome.Added(new CniResult { Ips = [new CniIpConfig { Address = "10.0.0.1/32" }] });
        var (exit, output) = await _fixture.CallAsync("ADD", version: version);
        var json = JsonNode.Parse(output)!;
        Assert.Equal((0, version, "10.0.0.1/32"), (exit, (string)json["cniVersion"]!, (string)json["ips"]![0]!["address"]!));
    }

    [Fact]
    public async Task Verbs_without_a_result_print_nothing()
    {
        foreach (var (verb, more) in new[] { ("DEL", ""), ("CHECK", ""","prevResult":{}"""), ("STATUS", ""), ("GC", ""","cni.dev/valid-attachments":[{"containerID":"c1","ifname":"eth0"}]""") })
            Assert.Equal((0, ""), await _fixture.CallAsync(verb, more: more));
        Assert.Equal(["DEL abc", "CHECK abc", "STATUS abc", "GC abc"], Backend.Calls);
        Assert.Equal([new AttachmentMark("c1", "eth0")], Backend.Valid!);
    }

    [Fact]
    public async Task An_error_of_the_backend_reaches_the_runtime_whole()
    {
        Backend.Answer = CniOutcome.Failed(CniErrorCode.NoAddress, "Every address of pool 'p' is taken.", "Add a pool.");
        var (exit, output) = await _fixture.CallAsync("ADD", version: "0.4.0");
        Assert.Equal(1, exit);
        Assert.Equal("""{"cniVersion":"0.4.0","code":101,"msg":"Every address of pool 'p' is taken.","details":"Add a pool."}""", output);
    }

    [Fact]
    public async Task An_exception_of_the_backend_becomes_an_error_and_the_server_goes_on()
    {
        Backend.Before = (_, _) => throw new PodWiringException("no");
        var (exit, output) = await _fixture.CallAsync("ADD");
        Assert.Equal((1, CniErrorCode.Wiring), (exit, (int)JsonNode.Parse(output)!["code"]!));
        Backend.Before = null;
        Assert.Equal(0, (await _fixture.CallAsync("DEL")).Exit);
    }

    [Fact]
    public async Task Calls_of_one_container_take_turns_and_others_go_on()
    {
        var go = new TaskCompletionSource();
        var arrived = new SemaphoreSlim(0);
        Backend.Before = async (call, stop) =>
        {
            arrived.Release();
            if (call.ContainerId == "one") await go.Task.WaitAsync(stop);
        };
        var first = _fixture.CallAsync("ADD", "one");
        await arrived.WaitAsync(TestContext.Current.CancellationToken);
        var second = _fixture.CallAsync("DEL", "one");
        Assert.Equal(0, (await _fixture.CallAsync("ADD", "two")).Exit);
        Assert.Equal(["ADD two"], Backend.Calls);
        go.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(["ADD two", "ADD one", "DEL one"], Backend.Calls);
    }

    [Fact]
    public async Task An_add_whose_caller_is_gone_ends_and_makes_room_for_the_del()
    {
        var arrived = new TaskCompletionSource();
        Backend.Before = async (_, stop) =>
        {
            arrived.TrySetResult();
            // What it waits for never comes: the pod was deleted meanwhile.
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };
        using (var caller = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await caller.ConnectAsync(new UnixDomainSocketEndPoint(_fixture.Socket), TestContext.Current.CancellationToken);
            var request = new CniWireRequest
            {
                Environment = new CniEnvironment { Command = "ADD", ContainerId = "abc", NetNs = "/run/netns/none", IfName = "eth0", Args = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart" },
                Config = JsonElement.Parse("""{"cniVersion":"1.1.0","name":"margay","type":"margay-cni"}"""),
            };
            CniWire.Send(caller, JsonSerializer.SerializeToUtf8Bytes(request, CniWireJson.Default.CniWireRequest));
            await arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
            Backend.Before = null;
        }
        Assert.Equal((0, ""), await _fixture.CallAsync("DEL"));
        Assert.Equal(["DEL abc"], Backend.Calls);
    }

    [Fact]
    public async Task A_call_that_a_stopping_service_does_not_finish_is_served_by_the_next_one()
    {
        var arrived = new TaskCompletionSource();
        Backend.Before = async (_, stop) =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };
        var add = _fixture.CallAsync("ADD");
        await arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
        await _fixture.StopAsync();
        Backend.Before = null;
        await _fixture.StartAsync();
        Assert.Equal((0, ""), await add);
        Assert.Equal(["ADD abc"], Backend.Calls);
    }

    [Fact]
    public async Task A_configuration_for_another_node_is_refused()
    {
        Assert.Equal(0, (await _fixture.CallAsync("ADD", more: ",\"nodename\":\"here\"")).Exit);
        var (exit, output) = await _fixture.CallAsync("ADD", more: ",\"nodename\":\"elsewhere\"");
        Assert.Equal((1, CniErrorCode.InvalidNetworkConfig), (exit, (int)JsonNode.Parse(output)!["code"]!));
    }

    [Fact]
    public async Task Nothing_runs_beside_a_collection()
    {
        var go = new TaskCompletionSource();
        var arrived = new SemaphoreSlim(0);
        Backend.Before = async (call, stop) =>
        {
            arrived.Release();
            if (call.Verb == CniVerb.Gc) await go.Task.WaitAsync(stop);
        };
        var collection = _fixture.CallAsync("GC", more: ""","cni.dev/valid-attachments":[]""");
        await arrived.WaitAsync(TestContext.Current.CancellationToken);
        var adds = Enumerable.Range(0, 8).Select(i => _fixture.CallAsync("ADD", $"c{i}")).ToArray();
        go.SetResult();
        await Task.WhenAll([collection, .. adds]);
        Assert.Equal("GC abc", Backend.Calls.First());
        Assert.Equal(9, Backend.Calls.Count);
        Assert.InRange(Backend.MostAtOnce, 1, 4);
    }

    [Fact]
    public async Task An_add_with_the_id_of_a_deleted_container_cleans_up_first()
    {
        await _fixture.StopAsync();
        await _fixture.CallAsync("DEL");
        await _fixture.StartAsync();
        Assert.Equal(0, (await _fixture.CallAsync("ADD")).Exit);
        // Whether the sweep at start or the ADD itself was first: one DEL, and before the ADD.
        Assert.Equal(["DEL abc", "ADD abc"], Backend.Calls);
        Assert.Empty(_fixture.Tombstones.List());
    }

    [Fact]
    public async Task A_note_that_an_add_has_seen_to_meanwhile_cuts_nothing()
    {
        await _fixture.StopAsync();
        await _fixture.CallAsync("DEL");
        var note = Assert.Single(_fixture.Tombstones.List()).Request!;
        using var dispatcher = new CniDispatcher(Backend, _fixture.Tombstones, concurrency: 4, nodeName: null, NullLogger.Instance);
        // The sweep has read the note; before it has its turn, an ADD of the same container has had one.
        _fixture.Tombstones.Remove("abc", "eth0");
        Assert.Null(await dispatcher.ServeTombstoneAsync(note, TestContext.Current.CancellationToken));
        Assert.Empty(Backend.Calls);
    }
}
