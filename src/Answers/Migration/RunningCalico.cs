using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Answers.Reports;
using Margay.Model.Resources;

namespace Margay.Answers.Migration;

/// <summary>What the pods of a running Calico say that its resources do not: who installed it, and settings in an environment.</summary>
internal static class RunningCalico
{
    private const string Prefix = "FELIX_";

    /// <param name="pods">The cluster's pods; all but Calico's own are passed over.</param>
    /// <param name="configuration">The FelixConfiguration named <c>default</c>; null when there is none.</param>
    public static IEnumerable<Finding> Of(IEnumerable<Pod> pods, FelixConfiguration? configuration)
    {
        var agents = new SortedDictionary<(string Variable, string Value), Pod>();
        foreach (var pod in pods.Where(pod => pod.Status?.Phase is not ("Succeeded" or "Failed")))
        {
            if (Has(pod, "tigera-operator"))
            {
                yield return new Finding
                {
                    Rule = "running-operator", Level = FindingLevel.Error, Object = $"Pod {Called(pod)}",
                    Message = "the Tigera operator runs, and would put Calico's definitions, APIService and DaemonSet back as soon as one is changed or gone: stop it before the takeover "
                        + $"(kubectl -n {pod.Metadata.Namespace} scale deployment/tigera-operator --replicas=0)",
                };
            }
            if (!Has(pod, "calico-node")) continue;
            foreach (var variable in (pod.Spec.Containers ?? []).SelectMany(container => container.Env ?? []))
            {
                if (variable.Value is not null && variable.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                    agents.TryAdd((variable.Name, variable.Value), pod);
            }
        }
        var written = Fields(configuration);
        foreach (var ((variable, value), pod) in agents)
        {
            if (FelixSettings.InEnvironment(variable[Prefix.Length..], value) is not var (field, level, why)) continue;
            string? stands = written.GetValueOrDefault(field);
            // A list is written otherwise in a variable: whoever has set the field has seen to it.
            if (string.Equals(stands, value, StringComparison.OrdinalIgnoreCase) || stands?.StartsWith('[') == true) continue;
            yield return new Finding
            {
                Rule = "environment-setting", Level = level, Object = $"Pod {Called(pod)}", Field = variable, Value = value,
                Message = why ?? $"Calico's agent has {field} from its environment, which Margay does not read: "
                    + (stands is null ? "set it" : $"it is {stands} there, set it as it should be")
                    + $" in the FelixConfiguration default (spec.{field}) before the takeover",
            };
        }
    }

    private static Dictionary<string, string> Fields(FelixConfiguration? configuration) => configuration is null
        ? []
        : ((JsonObject)JsonSerializer.SerializeToNode(configuration, ModelJson.Default.FelixConfiguration)!["spec"]!)
            .Where(field => field.Value is not null).ToDictionary(field => field.Key, field => field.Value!.ToString());

    private static bool Has(Pod pod, string app) => pod.Metadata.Labels is { } labels && labels.TryGetValue("k8s-app", out string? name) && name == app;

    private static string Called(Pod pod) => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
}
