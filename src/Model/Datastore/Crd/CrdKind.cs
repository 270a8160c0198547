using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Crd;

/// <summary>A kind of projectcalico.org/v3 and how custom resources of crd.projectcalico.org/v1 keep it.</summary>
public sealed class CrdKind
{
    /// <summary>The group and version of the custom resources.</summary>
    public const string ApiVersion = Group + "/" + Version;

    internal const string Group = "crd.projectcalico.org";
    internal const string Version = "v1";

    // For these the annotation keeps the name too, since theirs once differed from the custom resource's.
    private static readonly HashSet<string> Policies =
        ["NetworkPolicy", "GlobalNetworkPolicy", "StagedNetworkPolicy", "StagedGlobalNetworkPolicy"];

    internal CrdKind(KindInfo api)
    {
        // One kind has another name in storage.
        bool renamed = api.Kind == "IPAMConfiguration";
        Api = api;
        KeepsName = Policies.Contains(api.Kind);
        Stored = new KindInfo<AnyResource>(ModelJson.Default.AnyResource, ModelJson.Default.AnyResourceList)
        {
            Group = Group,
            Version = Version,
            Kind = renamed ? "IPAMConfig" : api.Kind,
            Plural = renamed ? "ipamconfigs" : api.Plural,
            Namespaced = api.Namespaced,
            HasStatus = api.HasStatus,
            Served = false,
        };
    }

    /// <summary>The kind as clients know it.</summary>
    public KindInfo Api { get; }

    /// <summary>The kind as it is stored; its objects are trees that nobody looks into.</summary>
    public KindInfo Stored { get; }

    /// <summary>The name of the definition in Kubernetes, for example <c>tiers.crd.projectcalico.org</c>.</summary>
    public string DefinitionName => Stored.QualifiedPlural;

    /// <summary>Whether the custom resource's name may differ from the object's: policies of older clusters.</summary>
    internal bool KeepsName { get; }

    /// <inheritdoc/>
    public override string ToString() => Stored.ToString();
}
