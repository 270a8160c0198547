using System.Text.Json.Nodes;

namespace Margay.ApiServer.Patch;

/// <summary>A merge patch (RFC 7386): objects merge, null removes, everything else replaces.</summary>
internal sealed class MergePatch(JsonObject patch) : Patch
{
    public override JsonObject Apply(JsonObject current)
    {
        Merge(current, patch);
        return current;
    }

    public static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject present) target[name] = present = [];
                Merge(present, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
