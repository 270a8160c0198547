using System.Collections.Immutable;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>What the resources show beside policy: why a connection that policy allows may fail all the same, and policies that do nothing.</summary>
internal sealed class Causes(PolicyWorld world, AddressOwners owners)
{
    private const int MostPolicies = 5;
    private readonly Dictionary<string, ImmutableArray<string>> _idle = [];

    /// <summary>The causes for a connection.</summary>
    public IEnumerable<string> For(FlowQuestion question, QuestionEnd destination)
    {
        var source = PodAt(question.Source);
        var target = PodAt(destination.End);
        if (source is not null && target is not null && source.Key == target.Key)
            yield return "both ends are one pod: its traffic to itself does not leave it, and no policy is asked";
        foreach (string cause in OfPod(source, "source")) yield return cause;
        foreach (string cause in OfPod(target, "destination")) yield return cause;
        if (target is not null && NoListener(target, destination.Port, question) is { } deaf) yield return deaf;
        foreach (string ns in new[] { source?.Metadata.Namespace, target?.Metadata.Namespace }.OfType<string>().Distinct())
            foreach (string idle in IdlePolicies(ns)) yield return idle;
        foreach (var problem in world.Policy.Problems.Take(MostPolicies))
            yield return $"{problem.Policy} is closed where it could not be understood: {problem.Text}";
    }

    /// <summary>Why there is nobody behind a service.</summary>
    public string NoBackend(Service service)
    {
        string name = $"service {service.Metadata.Namespace}/{service.Metadata.Name}";
        if (service.Spec.Selector is not { Count: > 0 } selector) return $"{name} has no selector and no endpoints: somebody must write its EndpointSlice";
        string text = string.Join(",", selector.Select(l => $"{l.Key}={l.Value}"));
        int matching = world.Objects.Of<Pod>().Count(pod =>
            pod.Metadata.Namespace == service.Metadata.Namespace && selector.All(l => pod.Metadata.Labels?.GetValueOrDefault(l.Key) == l.Value));
        return matching == 0
            ? $"{name} has no endpoint behind it: its selector {text} matches no pod of the namespace"
            : $"{name} has no endpoint behind it for this port: its selector {text} matches {matching} pods, but none has an address and the target port";
    }

    private static IEnumerable<string> OfPod(Pod? pod, string role)
    {
        if (pod is null) yield break;
        string name = $"{role} {pod.Metadata.Namespace}/{pod.Metadata.Name}";
        if (pod.Spec.HostNetwork == true)
            yield return $"{name} uses its node's network (hostNetwork): policies that select pods do not apply to it, and peers know it by its node's address";
        if (pod.Status?.Phase is "Succeeded" or "Failed") yield return $"{name} has ended ({pod.Status.Phase}): it has no address any more";
        else if (pod.Spec.HostNetwork != true && string.IsNullOrEmpty(pod.Status?.PodIP) && pod.Status?.PodIPs is not { Count: > 0 }) yield return $"{name} has no address yet (phase {pod.Status?.Phase ?? "unknown"})";
        if (pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready") is { Status: "False" } unready)
            yield return $"{name} is not ready{(string.IsNullOrEmpty(unready.Reason) ? "" : $" ({unready.Reason})")}: services do not send to it; policy treats it like any pod";
    }

    private static string? NoListener(Pod pod, ushort port, FlowQuestion question)
    {
        if (question.Protocol is not (6 or 17 or 132)) return null;
        var declared = (pod.Spec.Containers ?? []).SelectMany(c => c.Ports ?? []).ToArray();
        if (declared.Length == 0 || declared.Any(p => p.Number == port && string.Equals(p.Protocol ?? "TCP", question.ProtocolName, StringComparison.OrdinalIgnoreCase))) return null;
        string list = string.Join(", ", declared.Select(p => $"{p.Number}/{(p.Protocol ?? "TCP").ToLowerInvariant()}").Distinct());
        return $"no container of {pod.Metadata.Namespace}/{pod.Metadata.Name} declares port {port}/{question.ProtocolName} (declared: {list}): does anything listen there?";
    }

    private ImmutableArray<string> IdlePolicies(string ns)
    {
        if (!_idle.TryGetValue(ns, out var found)) _idle.Add(ns, found = [.. FindIdle(ns).Take(MostPolicies)]);
        return found;
    }

    // A policy that selects no pod does nothing, and a misspelt label is how that happens.
    private IEnumerable<string> FindIdle(string ns)
    {
        foreach (var policy in world.Objects.Of<NetworkPolicy>().Where(p => p.Metadata.Namespace == ns))
        {
            if (!world.State.Policies.ContainsKey(new PolicyId(PolicyKind.NetworkPolicy, ns, policy.Metadata.Name!)))
                yield return $"policy np:{ns}/{policy.Metadata.Name} selects nothing (selector {(string.IsNullOrEmpty(policy.Spec.Selector) ? "all()" : policy.Spec.Selector)})";
        }
        foreach (var policy in world.Objects.Of<KubeNetworkPolicy>().Where(p => p.Metadata.Namespace == ns))
        {
            if (!world.State.Policies.ContainsKey(new PolicyId(PolicyKind.KubernetesNetworkPolicy, ns, policy.Metadata.Name!)))
                yield return $"policy knp:{ns}/{policy.Metadata.Name} selects nothing (its podSelector matches no pod of the namespace)";
        }
    }

    private Pod? PodAt(FlowEnd end)
    {
        if (end.PodName is not null) return world.Objects.Find(new Pod { Metadata = { Namespace = end.Namespace, Name = end.PodName } }.Key)?.Value as Pod;
        return owners.Find(end.Address);
    }
}
