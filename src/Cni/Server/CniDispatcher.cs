using System.Text.Json;
using Margay.Foundation.Concurrency;
using Margay.Cni.Protocol;
using Margay.Cni.Wire;
using Margay.Cni.Wiring;
using Margay.Linux.Syscalls;
using Microsoft.Extensions.Logging;

namespace Margay.Cni.Server;

/// <summary>Takes one request, serves it in its turn, and renders the answer.</summary>
internal sealed class CniDispatcher(ICniBackend backend, Tombstones tombstones, int concurrency, string? nodeName, ILogger logger) : IDisposable
{
    private readonly KeyedLock _byContainer = new();
    private readonly SemaphoreSlim _places = new(concurrency, concurrency);
    private readonly SemaphoreSlim _collection = new(1, 1);

    /// <summary>
    /// Serves a request of the plugin. An ADD ends when its caller is gone: nobody will have the pod, and the DEL that comes next
    /// waits for this container's turn. Everything else is finished all the same.
    /// </summary>
    /// <exception cref="OperationCanceledException">The service stops. No answer is better than an error: the plugin waits for the next service.</exception>
    internal async Task<CniWireResponse> ServeAsync(ReadOnlyMemory<byte> document, CancellationToken callerGone, CancellationToken stop)
    {
        CniWireRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(document.Span, CniWireJson.Default.CniWireRequest);
        }
        catch (JsonException e)
        {
            return Failure(new CniError(CniErrorCode.Decode, "The plugin's request cannot be read.", e.Message));
        }
        if (request is null) return Failure(new CniError(CniErrorCode.Decode, "The plugin's request is empty."));
        if (TryRead(request, out var call) is { } wrong) return Failure(wrong);
        if (nodeName is not null && call!.Config.NodeName is { Length: > 0 } other && other != nodeName)
            return Failure(new CniError(CniErrorCode.InvalidNetworkConfig, $"nodename is '{other}', and this node is '{nodeName}'.", "Correct or remove 'nodename' in the network configuration.")
                { CniVersion = call.Version.ToString() });
        return Render(call!, call!.Verb == CniVerb.Add ? await AddAsync(call, callerGone, stop) : await RunAsync(call, stop));
    }

    /// <summary>Serves the note about a container that was deleted while the service was away.</summary>
    /// <returns>What is wrong with it, or null when it is done.</returns>
    internal async Task<CniError?> ServeTombstoneAsync(CniWireRequest note, CancellationToken stop)
    {
        if (TryRead(note, out var call) is { } wrong) return wrong;
        return (await RunAsync(call!, stop, noted: true)).Error;
    }

    public void Dispose()
    {
        _places.Dispose();
        _collection.Dispose();
    }

    private static CniError? TryRead(CniWireRequest request, out CniCall? call)
    {
        call = null;
        byte[] config = request.Config.ValueKind == JsonValueKind.Undefined ? [] : JsonSerializer.SerializeToUtf8Bytes(request.Config, CniWireJson.Default.JsonElement);
        return CniNetworkConfig.TryRead(config, out var parsed) ?? CniCallReader.TryRead(request.Environment, parsed, out call);
    }

    private async Task<CniOutcome> AddAsync(CniCall call, CancellationToken callerGone, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callerGone, stop);
        try
        {
            return await RunAsync(call, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return CniOutcome.Failed(CniErrorCode.TryAgainLater, "The runtime does not wait for the answer any more.");
        }
    }

    private async Task<CniOutcome> RunAsync(CniCall call, CancellationToken stop, bool noted = false)
    {
        int taken = 0;
        try
        {
            // How it is must be told above all when every place is taken.
            if (call.Verb == CniVerb.Status) return await CallAsync(call, stop);
            if (!call.Verb.IsAboutAttachment())
            {
                taken = await EnterAsync(call.Verb == CniVerb.Gc ? concurrency : 1, stop);
                return await CallAsync(call, stop);
            }
            // The turn first: who waits for another call of its own container needs no place for that.
            using var turn = await _byContainer.AcquireAsync(call.ContainerId, stop);
            taken = await EnterAsync(1, stop);
            // An ADD that had the turn before has seen to the note, and what is attached now is new.
            if (noted && !tombstones.Exists(call.ContainerId, call.IfName)) return CniOutcome.Done;
            return await CallAttachmentAsync(call, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            logger.CallBroke(call.Verb, call.ContainerId, call.Pod, e);
            return CniOutcome.Failed(ErrorOf(e));
        }
        finally
        {
            if (taken > 0) _places.Release(taken);
        }
    }

    // GC takes every place, so that no container is half attached while it compares. Two of them may not each hold a part.
    private async Task<int> EnterAsync(int places, CancellationToken stop)
    {
        if (places == 1)
        {
            await _places.WaitAsync(stop);
            return 1;
        }
        int taken = 0;
        await _collection.WaitAsync(stop);
        try
        {
            for (; taken < places; taken++) await _places.WaitAsync(stop);
            return taken;
        }
        catch
        {
            if (taken > 0) _places.Release(taken);
            throw;
        }
        finally
        {
            _collection.Release();
        }
    }

    private async Task<CniOutcome> CallAttachmentAsync(CniCall call, CancellationToken stop)
    {
        // A runtime that uses a container's id again (a restart) must not have its new attachment cut by the old note.
        if (call.Verb == CniVerb.Add && tombstones.Exists(call.ContainerId, call.IfName))
        {
            var cleaned = await backend.DelAsync(call with { Verb = CniVerb.Del }, stop);
            if (cleaned.Error is not null) return cleaned;
            tombstones.Remove(call.ContainerId, call.IfName);
        }
        var outcome = await CallAsync(call, stop);
        if (call.Verb == CniVerb.Del && outcome.Error is null) tombstones.Remove(call.ContainerId, call.IfName);
        return outcome;
    }

    private ValueTask<CniOutcome> CallAsync(CniCall call, CancellationToken stop) => call.Verb switch
    {
        CniVerb.Add => backend.AddAsync(call, stop),
        CniVerb.Del => backend.DelAsync(call, stop),
        CniVerb.Check => backend.CheckAsync(call, stop),
        CniVerb.Gc => backend.GcAsync(call, call.ValidAttachments.Select(a => new AttachmentMark(a.ContainerId, a.IfName)).ToHashSet(), stop),
        CniVerb.Status => backend.StatusAsync(call, stop),
        _ => new(CniOutcome.Failed(CniErrorCode.InvalidEnvironment, $"{call.Verb.ToWord()} needs no node service.")),
    };

    private static CniError ErrorOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(CniErrorCode.InvalidEnvironment, "The container's network namespace does not exist.", e.Message),
        PodWiringException => new(CniErrorCode.Wiring, "The container cannot be connected.", e.Message),
        LinuxException => new(CniErrorCode.Wiring, "The kernel refused a part of the wiring.", e.Message),
        _ => new(CniErrorCode.Internal, "The node service failed.", $"{e.Message} Its log has more."),
    };

    private CniWireResponse Render(CniCall call, CniOutcome outcome)
    {
        if (outcome.Error is { } error)
        {
            logger.CallFailed(call.Verb, call.ContainerId, call.Pod, error.Message, error.Details);
            return Failure(error with { CniVersion = call.Version.ToString() });
        }
        return new CniWireResponse { Output = outcome.Result is { } result ? JsonElement.Parse(CniResultWriter.Write(result, call.Version)) : null };
    }

    private static CniWireResponse Failure(CniError error) => new()
    {
        Failed = true,
        Output = JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(error, CniJson.Readable.CniError)),
    };
}
