using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>
/// The status of an Installation: conditions Ready, Progressing and Degraded, each with the reason in words. Worked out of
/// what is, not of what was: the same cluster gives the same status, and times move only when a condition's status does.
/// </summary>
internal static class InstallationStatus
{
    private const int MostReasons = 10;

    /// <summary>Works it out.</summary>
    public static JsonObject Of(JsonObject installation, Observed observed, DateTimeOffset now)
    {
        List<Problem> degraded = [.. SpecCheck.Of(installation["spec"]), .. WorkloadProblems.Missing(observed), .. PodProblems.Of(observed.Pods)];
        List<Problem> progressing = [.. WorkloadProblems.Rolling(observed)];
        long generation = installation.Number("metadata", "generation");
        return new JsonObject
        {
            ["observedGeneration"] = generation,
            ["conditions"] = new JsonArray(
                Condition("Ready", degraded.Count == 0 && progressing.Count == 0, [.. degraded, .. progressing], "AllReady", "every node enforces policy"),
                Condition("Progressing", progressing.Count > 0, progressing, "AllReady", "nothing is being rolled out"),
                Condition("Degraded", degraded.Count > 0, degraded, "AllReady", "nothing is wrong")),
        };

        JsonObject Condition(string type, bool status, IReadOnlyList<Problem> problems, string calm, string calmly)
        {
            string value = status ? "True" : "False";
            var old = installation.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);
            return new JsonObject
            {
                ["type"] = type,
                ["status"] = value,
                ["observedGeneration"] = generation,
                ["lastTransitionTime"] = old.Text("status") == value && old.Text("lastTransitionTime") is { } since ? since : now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
                ["reason"] = problems.Count > 0 ? problems[0].Reason : calm,
                ["message"] = problems.Count > 0 ? Sentence(problems) : calmly,
            };
        }
    }

    private static string Sentence(IReadOnlyList<Problem> problems) =>
        string.Join("; ", problems.Take(MostReasons).Select(problem => problem.Message)) + (problems.Count > MostReasons ? $"; and {problems.Count - MostReasons} more" : "");
}
