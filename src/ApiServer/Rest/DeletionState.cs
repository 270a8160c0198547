using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>How far an object is on its way out.</summary>
internal static class DeletionState
{
    public const string OrphanFinalizer = "orphan";
    public const string ForegroundFinalizer = "foregroundDeletion";

    public static bool IsDeleting(JsonObject document) => document.Metadata()["deletionTimestamp"] is not null;

    /// <summary>Whether deletion was asked for and nothing holds the object any more: no finalizer, no grace period.</summary>
    public static bool IsOver(JsonObject document) =>
        IsDeleting(document) && !IsHeld(document) && (document.Metadata().Whole("deletionGracePeriodSeconds") ?? 0) == 0;

    /// <summary>Whether finalizers hold the object. A namespace is also held by those in its specification.</summary>
    public static bool IsHeld(JsonObject document) =>
        document.Metadata().Texts("finalizers").Count > 0
        || (document.Text("kind") == "Namespace" && document.Child("spec").Texts("finalizers").Count > 0);

    /// <summary>
    /// The seconds that an object's end takes. Only a pod takes any: one that runs on a node is stopped by that node, which
    /// then deletes it with zero seconds.
    /// </summary>
    public static long GraceOf(ServedKind kind, JsonObject document, long? asked)
    {
        if (kind.Gvk is not { Group: "", Kind: "Pod" }) return 0;
        JsonObject? spec = document.Child("spec");
        bool running = spec.Text("nodeName").Length > 0 && document.Child("status").Text("phase") is not ("Failed" or "Succeeded");
        return running ? Math.Max(0, asked ?? spec.Whole("terminationGracePeriodSeconds") ?? 30) : 0;
    }
}
