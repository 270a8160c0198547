using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>Labels that the system gives to endpoints, with upstream's names.</summary>
internal static class KnownLabels
{
    internal const string Namespace = "projectcalico.org/namespace";
    internal const string ServiceAccount = "projectcalico.org/serviceaccount";
    internal const string Orchestrator = "projectcalico.org/orchestrator";
    internal const string Name = "projectcalico.org/name";
    internal const string Kubernetes = "k8s";

    /// <summary>In front of labels that come from the namespace.</summary>
    internal const string NamespacePrefix = "pcns.";

    /// <summary>In front of labels that come from the service account.</summary>
    internal const string ServiceAccountPrefix = "pcsa.";

    /// <summary>What <c>all()</c> means in a namespace selector.</summary>
    internal static Selector InAnyNamespace { get; } = Selector.HasLabel(Namespace);

    /// <summary>What <c>global()</c> means in a namespace selector.</summary>
    internal static Selector InNoNamespace { get; } = Selector.Not(Selector.HasLabel(Namespace));

    /// <summary>What a host endpoint is and no pod can be: its own labels cannot say otherwise.</summary>
    internal static Selector NotWorkload { get; } = Selector.Not(Selector.LabelIs(Orchestrator, Kubernetes));

    internal static Selector InNamespace(string name) => Selector.LabelIs(Namespace, name);

    /// <summary>The profile that everything has without an object of it; it allows. Automatic host endpoints list it.</summary>
    internal const string DefaultAllowProfile = "projectcalico-default-allow";

    internal static string ProfileOfNamespace(string name) => $"kns.{name}";

    internal static string ProfileOfServiceAccount(string @namespace, string name) => $"ksa.{@namespace}.{name}";
}
