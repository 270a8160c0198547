using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Lab.Api;

/// <summary>The lab's way to the API server: the common client, and the few requests that only node agents, schedulers and installers make.</summary>
internal sealed class LabApi : IDisposable
{
    private const string FieldManager = "margay-lab";
    private const int MostAttempts = 5;
    private readonly HttpClient _http;

    public LabApi(string kubeconfig)
    {
        try
        {
            var connection = KubeConfig.Connect(kubeconfig);
            Store = new KubeClient(connection);
            _http = connection.CreateHttpClient();
        }
        catch (Exception failure) when (failure is KubeConfigException or IOException)
        {
            throw new LabException($"{kubeconfig} cannot be used: {failure.Message}", cause: failure);
        }
    }

    /// <summary>Reading, writing and watching.</summary>
    public KubeClient Store { get; }

    /// <summary>True when the server says that it can serve.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/readyz", UriKind.Relative), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Puts a pod on a node; false when the pod is gone or has a node already.</summary>
    public async Task<bool> BindAsync(Pod pod, string node, CancellationToken stop)
    {
        var binding = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
        };
        string path = KindRegistry.Of<Pod>().Path(pod.Metadata.Namespace, pod.Metadata.Name, "binding");
        using var answer = await SendAsync(HttpMethod.Post, path, binding, "application/json", stop);
        return await SucceededAsync(answer, $"bind pod {pod.Metadata.Namespace}/{pod.Metadata.Name}", stop, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
    }

    /// <summary>Removes a pod's object at once, if it is still the same pod: what a node says when nothing of the pod is left.</summary>
    public async Task ForgetPodAsync(Pod pod, CancellationToken stop)
    {
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["gracePeriodSeconds"] = 0,
            ["preconditions"] = new JsonObject { ["uid"] = pod.Metadata.Uid },
        };
        string path = KindRegistry.Of<Pod>().Path(pod.Metadata.Namespace, pod.Metadata.Name);
        using var answer = await SendAsync(HttpMethod.Delete, path, options, "application/json", stop);
        await SucceededAsync(answer, $"delete pod {pod.Metadata.Namespace}/{pod.Metadata.Name}", stop, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
    }

    /// <summary>Creates an object or changes it to what the manifest says (server-side apply).</summary>
    public async Task ApplyAsync(JsonObject manifest, CancellationToken stop)
    {
        string? apiVersion = manifest["apiVersion"]?.ToString();
        string? kindName = manifest["kind"]?.ToString();
        var kind = KindRegistry.Find(apiVersion, kindName)
            ?? throw new LabException($"{apiVersion} {kindName} is not a kind that the lab knows");
        var metadata = manifest["metadata"] as JsonObject ?? throw new LabException($"{kindName}: metadata is missing");
        string name = metadata["name"]?.ToString() ?? throw new LabException($"{kindName}: metadata.name is missing");
        string ns = metadata["namespace"]?.ToString() ?? "default";
        string path = $"{kind.Path(ns, name)}?fieldManager={FieldManager}&force=true";
        for (int attempt = 1; ; attempt++)
        {
            // Somebody else may create or change the object at the same moment; then the next attempt finds it.
            using var answer = await SendAsync(HttpMethod.Patch, path, manifest, "application/apply-patch+yaml", stop);
            HttpStatusCode[] harmless = attempt < MostAttempts ? [HttpStatusCode.Conflict] : [];
            if (await SucceededAsync(answer, $"apply {kindName} {name}", stop, harmless)) return;
        }
    }

    /// <summary>All objects of a kind, whole.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken stop) where T : Resource => Store.ListAsync<T>(default, stop);

    public void Dispose()
    {
        _http.Dispose();
        Store.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject body, string type, CancellationToken stop)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        return await _http.SendAsync(request, stop);
    }

    private static async Task<bool> SucceededAsync(
        HttpResponseMessage answer, string attempt, CancellationToken stop, params HttpStatusCode[] harmless)
    {
        if (answer.IsSuccessStatusCode) return true;
        if (harmless.Contains(answer.StatusCode)) return false;
        string text = await answer.Content.ReadAsStringAsync(stop);
        throw new LabException($"{attempt}: {(int)answer.StatusCode}: {MessageOf(text)}");
    }

    private static string MessageOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["message"]?.GetValue<string>() ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
