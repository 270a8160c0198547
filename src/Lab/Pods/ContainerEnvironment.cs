using System.Text.Json;
using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>
/// The environment and the command line of a container: its own values, the fields of the pod that Kubernetes offers
/// (valueFrom.fieldRef), and references of the form $(NAME) in arguments.
/// </summary>
internal static class ContainerEnvironment
{
    public static Dictionary<string, string> Of(Pod pod, Container container, Sandbox sandbox, string searchPath)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = searchPath, ["HOME"] = "/root", ["HOSTNAME"] = HostName(pod), ["TMPDIR"] = "/tmp",
        };
        foreach (var variable in container.Env ?? [])
            environment[variable.Name] = variable.ValueFrom is { } source ? Field(pod, sandbox, source) : Expand(variable.Value ?? "", environment);
        return environment;
    }

    /// <summary>Program and arguments; empty when the manifest names no command.</summary>
    public static IReadOnlyList<string> CommandLine(Container container, IReadOnlyDictionary<string, string> environment) =>
        container.Command is not { Count: > 0 } command
            ? []
            : [.. command.Concat(container.Args ?? []).Select(argument => Expand(argument, environment))];

    public static string HostName(Pod pod) => pod.Spec.Hostname ?? pod.Metadata.Name!;

    /// <summary>Replaces $(NAME) by the variable's value; an unknown name stays, and $$ stands for one dollar sign.</summary>
    internal static string Expand(string text, IReadOnlyDictionary<string, string> environment)
    {
        int at = text.IndexOf('$', StringComparison.Ordinal);
        if (at < 0 || at == text.Length - 1) return text;
        string head = text[..at];
        string tail = text[(at + 1)..];
        if (tail[0] == '$') return head + "$" + Expand(tail[1..], environment);
        int end = tail.IndexOf(')', StringComparison.Ordinal);
        if (tail[0] != '(' || end < 0) return head + "$" + Expand(tail, environment);
        string whole = environment.GetValueOrDefault(tail[1..end]) ?? $"$({tail[1..end]})";
        return head + whole + Expand(tail[(end + 1)..], environment);
    }

    private static string Field(Pod pod, Sandbox sandbox, JsonElement source)
    {
        if (!source.TryGetProperty("fieldRef", out var field) || !field.TryGetProperty("fieldPath", out var path)) return "";
        return path.GetString() switch
        {
            "metadata.name" => pod.Metadata.Name ?? "",
            "metadata.namespace" => pod.Metadata.Namespace ?? "",
            "metadata.uid" => pod.Metadata.Uid ?? "",
            "spec.nodeName" => pod.Spec.NodeName ?? "",
            "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "default",
            "status.podIP" => sandbox.Addresses is [var first, ..] ? first : "",
            "status.podIPs" => string.Join(',', sandbox.Addresses),
            _ => "",
        };
    }
}
