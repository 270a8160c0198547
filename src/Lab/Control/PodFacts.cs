using Margay.Model.Resources;

namespace Margay.Lab.Control;

/// <summary>Questions about pods that several parts of the lab ask.</summary>
internal static class PodFacts
{
    /// <summary>The pod has ended and does not start again.</summary>
    public static bool IsOver(Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    /// <summary>The pod's condition Ready holds, and nobody has asked for its end.</summary>
    public static bool IsReady(Pod pod) =>
        pod.Metadata.DeletionTimestamp is null
        && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    /// <summary>The pod's addresses; the status lists them all, or the first alone.</summary>
    public static IEnumerable<string> Addresses(Pod pod) =>
        pod.Status?.PodIPs is { Count: > 0 } all ? all.Select(address => address.Ip)
        : pod.Status?.PodIP is { Length: > 0 } single ? [single]
        : [];

    /// <summary>True when every label of the selector is on the pod; an empty selector selects nothing, as in Services.</summary>
    public static bool Selects(IReadOnlyDictionary<string, string>? selector, Pod pod) =>
        selector is { Count: > 0 }
        && selector.All(wanted => pod.Metadata.Labels?.GetValueOrDefault(wanted.Key) == wanted.Value);
}
